import { type Address, type ChatMessage, readAddress } from './stanzas.js';
import type { XmppFault } from './xmppFault.js';

/** What comes from the XMPP side for a user of the SIP domain. Addresses are bare, without `sip:`. */
export type FromXmpp =
  | { readonly kind: 'message'; readonly user: string; readonly from: string; readonly text: string }
  /** A message of the user came back from `from` with this condition. */
  | { readonly kind: 'refusal'; readonly user: string; readonly from: string; readonly condition: string };

/** Where the gateway sends what SIP users write, whatever is behind it. */
export interface XmppWay {
  /** Is it connected to where it sends? */
  readonly open: boolean;
  /** Sends a message to a user of the XMPP domain; what becomes of it comes back later, if at all. */
  send(message: ChatMessage): void;
}

/** What the gateway does with a request for a user of the XMPP domain. */
export type GatewayState = 'open' | 'missing' | 'not-allowed' | 'stopped';

/** The XMPP gateway between the SIP services of a dialect and an XMPP domain. */
export class Gateway {
  /** The XMPP domain that it leads to. */
  readonly partnerDomain: string;
  readonly #domain: string;
  readonly #faults: () => readonly XmppFault[];
  #way: XmppWay | undefined;
  #take: (arrival: FromXmpp) => boolean = () => false;

  constructor(domain: string, partnerDomain: string, faults: () => readonly XmppFault[]) {
    this.partnerDomain = partnerDomain;
    this.#domain = domain;
    this.#faults = faults;
  }

  /** From now on it sends there. */
  connect(way: XmppWay): void {
    this.#way = way;
  }

  /** `take` is the SIP side, which says whether it had use for what came. */
  serve(take: (arrival: FromXmpp) => boolean): void {
    this.#take = take;
  }

  get state(): GatewayState {
    const byFault = this.#faults()
      .map(({ gateway }) => gateway)
      .find((state) => state !== undefined);
    return byFault ?? (this.#way?.open ? 'open' : 'stopped');
  }

  /** Hands on what a user of the SIP domain wrote. */
  send(user: string, to: string, text: string, id: string): void {
    const from = `${user}@${this.#domain}`;
    const message = this.#faults().reduce<ChatMessage | undefined>(
      (current, { outward }) => (current === undefined || outward === undefined ? current : outward(current)),
      { from, to, text, id },
    );
    if (message !== undefined) this.#way?.send(message);
  }

  /** A message for a user of the SIP domain: undefined when it was taken, else the condition it comes back with. */
  arrived(message: ChatMessage): string | undefined {
    const { to, from } = this.#parties(message);
    if (to === undefined || from === undefined) return 'jid-malformed';
    if (to.domain !== this.#domain) return 'remote-server-not-found';
    const refused = this.#faults()
      .map(({ refusesInward }) => refusesInward)
      .find((condition) => condition !== undefined);
    if (refused !== undefined) return refused;
    const taken = this.#take({ kind: 'message', user: to.user, from: from.bare, text: message.text });
    return taken ? undefined : 'service-unavailable';
  }

  /** A message of a user of the SIP domain came back. */
  returned(message: Pick<ChatMessage, 'from' | 'to'>, condition: string): void {
    const { to, from } = this.#parties(message);
    if (to === undefined || from?.domain !== this.#domain) return;
    this.#take({ kind: 'refusal', user: from.user, from: to.bare, condition });
  }

  #parties({ from, to }: Pick<ChatMessage, 'from' | 'to'>): Readonly<Record<'from' | 'to', Address | undefined>> {
    return { from: readAddress(from), to: readAddress(to) };
  }
}
