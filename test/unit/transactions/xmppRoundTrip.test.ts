import { describe, expect, test } from 'vitest';
import { type Diagnosis, diagnosis, fail, ProbeError } from '../../../shared/domain/diagnosis.js';
import type { Scope } from '../../../shared/domain/scope.js';
import type { ReceivedMessage } from '../../../shared/protocols/sip/im/receivedMessage.js';
import type { Arrival } from '../../../shared/protocols/sip/inbox.js';
import type { AwaitedMessage, XmppClient } from '../../../shared/protocols/xmpp/client/xmppClient.js';
import { seeRoundTrip } from '../../../shared/transactions/xmppRoundTrip.js';
import { fakePorts } from '../../fakes/fakePorts.js';
import { sampleEdge } from '../../fakes/world.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';

const sent = {
  from: 'sip:pilar@contoso.example',
  to: 'adelaney@partner.example',
  text: 'hello t1',
  token: 't1',
};
const receiverSipAddress = 'sip:adelaney@partner.example';
const arrived = (text = sent.text, from: string | undefined = 'pilar@contoso.example/x'): AwaitedMessage => ({
  kind: 'message',
  message: { at: 1, from, id: undefined, text },
});
const late = { kind: 'timeout', limitMs: 10_000, pendingCharacters: 0 } as const;
const never = new Promise<never>(() => {});
const came = (text: string, from = receiverSipAddress): Arrival<ReceivedMessage> => ({
  kind: 'item',
  item: { at: 2, from, contentType: 'text/plain', text },
});
const refusal = (condition: string): AwaitedMessage => ({
  kind: 'refused',
  error: { condition, type: 'cancel', text: undefined, from: 'partner.example' },
});

interface Plan {
  readonly delivery?: AwaitedMessage;
  /** What comes back for the reply; nothing unless it says so. */
  readonly refused?: AwaitedMessage;
  /** What the SIP user gets, one after another. */
  readonly replies?: readonly Arrival<ReceivedMessage>[];
  /** The gateway ends the session while the message is on its way. */
  readonly ended?: Diagnosis;
  /** What is wrong with the XMPP route of the Edge. */
  readonly route?: string;
}

/** Goes through the steps with peers that behave as planned, and tells what was noted on the way. */
async function cross({ delivery = arrived(), refused, replies = [came('reply mark')], ended, route }: Plan) {
  const noted: { warnings: string[]; facts: object[]; sentTo: string[] } = { warnings: [], facts: [], sentTo: [] };
  const scope: Scope = {
    signal: new AbortController().signal,
    exclude: () => {},
    observe: (facts) => void noted.facts.push(facts),
    warn: ({ code, message }) => void noted.warnings.push(`${code}: ${message}`),
  };
  let waits = 0;
  const receiver = {
    peer: 'xmpp.partner.example at 192.0.2.30:5222',
    awaitMessage: () => {
      waits += 1;
      if (waits === 1) return ended ? never : new Promise((resolve) => setImmediate(resolve, delivery));
      return refused ? Promise.resolve(refused) : never;
    },
    sendMessage: ({ to }: { readonly to: string }) => void noted.sentTo.push(to),
  } as unknown as XmppClient;
  const left = [...replies];
  const sender = {
    peer: 'sip.contoso.example at 192.0.2.10:5061',
    nextMessage: async () => {
      if (ended) throw new ProbeError(ended);
      // What comes before the reply was sent is passed over.
      if (noted.sentTo.length === 0) return never;
      const next = left.shift();
      return next ?? never;
    },
  };
  const ports = {
    ...fakePorts(),
    findXmppRoute: async () =>
      route === undefined
        ? { service: '_xmpp-server._tcp.contoso.example', records: [] }
        : fail('DNS_XMPP_NOT_OFFERED', { error: route }),
  };
  const context = {
    step: <T>(_: string, work: (at: Scope) => Promise<T>) => work(scope),
    within: <T>(at: Scope, _: number, work: (inner: Scope) => Promise<T>) => work(at),
    ports,
    edge: sampleEdge(),
    token: () => 'mark',
  };
  await seeRoundTrip(context, sent, { sender, receiver, receiverSipAddress }, (mark) => `reply ${mark}`);
  return noted;
}

describe('a message to an XMPP user and its reply', () => {
  test('pass when both have arrived; the reply goes to the very address that the message came from', async () => {
    const noted = await cross({ replies: [came('of somebody else'), came('reply mark')] });

    expect(noted.sentTo).toEqual(['pilar@contoso.example/x']);
    expect(noted.warnings).toEqual([]);
    expect(noted.facts).toEqual([{ senderAtPartner: 'pilar@contoso.example/x' }]);
  });

  test('pass with a warning when a text was changed on its way', async () => {
    const noted = await cross({ delivery: arrived('hello t1!'), replies: [came('reply mark plus')] });

    expect(noted.warnings).toEqual([
      'XMPP_TEXT_ALTERED: the message of sip:pilar@contoso.example arrived altered: 9 bytes in place of 8',
      'XMPP_TEXT_ALTERED: the reply of sip:adelaney@partner.example arrived altered: 15 bytes in place of 10',
    ]);
  });

  test.each<[string, Plan, string, string]>([
    [
      'the route does not work either',
      { delivery: late, route: 'the domain does not federate' },
      'XMPP_GATEWAY_DOWN',
      'the message of sip:pilar@contoso.example to adelaney@partner.example was taken, but did not arrive within 10000 ms; the XMPP route of the Edge does not work: the domain does not federate',
    ],
    [
      'the gateway ended the session',
      { ended: diagnosis('IM_SESSION_ENDED', { error: 'the other side ended the session with BYE' }) },
      'IM_SESSION_ENDED',
      'the other side ended the session with BYE',
    ],
    [
      'it came from nobody',
      { delivery: { kind: 'message', message: { at: 1, from: undefined, id: undefined, text: sent.text } } },
      'XMPP_MESSAGE_WITHOUT_SENDER',
      'the message of sip:pilar@contoso.example reached adelaney@partner.example without an address of its sender',
    ],
    [
      'the connection of the receiver broke',
      { delivery: { kind: 'ended', end: { kind: 'closed' } } },
      'XMPP_STREAM_CLOSED',
      'xmpp.partner.example at 192.0.2.30:5222 closed the stream while the message of sip:pilar@contoso.example to adelaney@partner.example was awaited, without an error',
    ],
    [
      'the reply is refused',
      { refused: refusal('remote-server-not-found'), replies: [] },
      'XMPP_STANZA_REMOTE_SERVER_NOT_FOUND',
      'partner.example refused the reply to pilar@contoso.example/x: remote-server-not-found',
    ],
    [
      'the reply is lost',
      { replies: [{ kind: 'timeout', limitMs: 10_000, pendingBytes: 0 }] },
      'XMPP_REPLY_LOST',
      'the reply of sip:adelaney@partner.example did not reach sip:pilar@contoso.example within 10000 ms',
    ],
    [
      'the connection of the sender broke',
      { replies: [{ kind: 'ended', end: { kind: 'connection-lost', cause: undefined, pendingBytes: 0 } }] },
      'IM_CONNECTION_LOST',
      '',
    ],
    [
      'the reply comes in the name of another',
      { replies: [came('reply mark', 'sip:mallory@partner.example')] },
      'IM_SENDER_WRONG',
      'the reply of sip:adelaney@partner.example reached sip:pilar@contoso.example in the name of sip:mallory@partner.example',
    ],
  ])('fail when %s', async (_, plan, code, error) => {
    const found = await diagnosisOf(cross(plan));

    expect(found.code).toBe(code);
    if (error !== '') expect(found.error).toBe(error);
  });
});
