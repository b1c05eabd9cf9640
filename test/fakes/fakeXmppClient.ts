import { type DiagnosisCode, fail } from '../../shared/domain/diagnosis.js';
import type { MessageToSend } from '../../shared/protocols/xmpp/client/message.js';
import type { RoomEntry, XmppRoom } from '../../shared/protocols/xmpp/client/room.js';
import type { XmppClient, XmppSignIn } from '../../shared/protocols/xmpp/client/xmppClient.js';

/** XMPP users in one world: what each does is noted in `calls`, what one says reaches the others of its room. */
export interface XmppPlan {
  /** A call such as `ade authenticate` that fails, and how. */
  readonly failing?: { readonly call: string; readonly code: DiagnosisCode };
  /** How the room answers those who want to enter; by default it lets them in. */
  readonly entry?: RoomEntry;
  /** What a user gets that waits for a message. */
  readonly awaitMessage?: XmppClient['awaitMessage'];
  /** Is an occupant not told that it has left? */
  readonly holdsFast?: boolean;
}

const silence = { kind: 'timeout', limitMs: 10_000, pendingCharacters: 0 } as const;

/** Makes the clients. `sent` is what they wrote to users. */
export function fakeXmppClients(plan: XmppPlan = {}) {
  const calls: string[] = [];
  const sent: MessageToSend[] = [];
  const said: { readonly from: string; readonly text: string; readonly id: string }[] = [];
  const open = ({ account }: XmppSignIn): XmppClient => {
    const name = account.userName.replace(/@.*/, '');
    const note = (what: string) => void calls.push(`${name} ${what}`);
    const step = async (what: string) => {
      note(what);
      const { failing } = plan;
      if (failing?.call === `${name} ${what}`) fail(failing.code, { error: `${what} went wrong` });
    };
    const room = (address: string, nickname: string): XmppRoom => {
      const occupant = `${address}/${nickname}`;
      return {
        address,
        occupant,
        peer: 'xmpp.partner.example',
        async join({ create }) {
          await step(create ? 'join or make' : 'join');
          return plan.entry ?? { kind: 'joined', created: create };
        },
        send({ text, id }) {
          note('say');
          said.push({ from: occupant, text, id });
        },
        async awaitMessage({ token, from }) {
          const found = said.find((one) => one.from === from && one.text.includes(token));
          return found ? { kind: 'message', message: { at: 0, ...found } } : silence;
        },
        async leave() {
          await step('leave');
          return plan.holdsFast ? silence : undefined;
        },
      };
    };
    return {
      jid: account.userName,
      peer: 'xmpp.partner.example',
      async resolve() {
        await step('resolve');
        return { fqdn: 'xmpp.partner.example', transport: 'tls', candidates: [] };
      },
      connect: () => step('connect'),
      secure: () => step('secure'),
      authenticate: () => step('authenticate'),
      announce: () => step('announce'),
      sendMessage: (message) => void sent.push(message),
      awaitMessage: plan.awaitMessage ?? (async () => silence),
      room,
      signOut: () => step('sign out'),
      close: () => note('close'),
    };
  };
  return { calls, sent, open };
}
