import type { Clock } from '../../domain/clock.js';
import { limitOf, type Scope } from '../../domain/scope.js';
import type { Link, LinkEnd } from './link.js';
import type { Decoded, Flaw, MessageClass } from './stun/message.js';
import { sameAddress, type TransportAddress } from './transportAddress.js';

/** RFC 8489 section 6.2.1: the first wait over UDP, doubled each time, and how often a request is sent at most. */
const firstWaitMs = 500;
const mostSends = 7;

/** Why a message was not taken for the answer. */
export type Doubt = Flaw | 'other-address' | 'unknown-id' | 'method' | 'integrity';

/** As much of a message as an exchange needs. */
export interface ExchangedMessage {
  readonly method: number;
  readonly class: MessageClass;
  readonly id: string;
}

/** A request ready to be sent. */
export interface Outgoing<Message> {
  /** `Allocate`, for error texts. */
  readonly what: string;
  readonly method: number;
  readonly id: string;
  readonly bytes: Buffer;
  /** Looks at an answer with the right id: what is wrong with it, or nothing. */
  judge(message: Message): Doubt | undefined;
}

/** What came of a request. Over UDP what is doubtful is passed over, and only told when nothing better comes. */
export type Answer<Message> =
  | { readonly kind: 'answer'; readonly message: Message }
  | ({ readonly kind: 'none' } & NoAnswer);

export interface NoAnswer {
  readonly what: string;
  readonly peer: string;
  readonly waitedMs: number;
  /** How often the request was sent. */
  readonly sends: number;
  readonly isDatagram: boolean;
  readonly doubts: readonly Doubt[];
  /** Present where the link came to its end. */
  readonly end?: LinkEnd;
}

interface Pending<Message> {
  readonly outgoing: Outgoing<Message>;
  readonly doubts: Set<Doubt>;
  settle(answer: Answer<Message>): void;
  giveUp(end?: LinkEnd): void;
}

/** Requests and their answers over one link; whatever else comes is handed on or forgotten. */
export class Exchange<Message extends ExchangedMessage> {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending<Message>>();
  #end: LinkEnd | undefined;
  #retransmissions = 0;

  constructor(
    link: Link,
    read: (bytes: Buffer) => Decoded<Message>,
    onIndication: (message: Message, at: number) => void,
    clock: Clock,
  ) {
    this.#link = link;
    this.#clock = clock;
    link.listen({
      message: (bytes, from, at) => this.#take(read(bytes), from, at, onIndication),
      ended: (end) => {
        this.#end = end;
        for (const pending of this.#pending.values()) pending.giveUp(end);
      },
    });
  }

  /** Datagrams that were sent again because no answer had come, of all requests. */
  get retransmissions(): number {
    return this.#retransmissions;
  }

  /** Sends a request and waits, over UDP sending it again as RFC 8489 section 6.2.1 says, until `limitMs` or the scope ends. */
  request(outgoing: Outgoing<Message>, scope: Scope, limitMs = Number.POSITIVE_INFINITY): Promise<Answer<Message>> {
    const { transport, peer } = this.#link;
    const isDatagram = transport === 'udp';
    const begunAt = this.#clock.monotonic();
    return new Promise((resolve) => {
      let sends = 0;
      const timers: (() => void)[] = [];
      const settle = (answer: Answer<Message>) => {
        for (const stop of timers) stop();
        scope.signal.removeEventListener('abort', timeUp);
        this.#pending.delete(outgoing.id);
        resolve(answer);
      };
      const doubts = new Set<Doubt>();
      const giveUp = (end?: LinkEnd, atMs?: number) => {
        const waitedMs = (atMs ?? limitOf(scope.signal)) || Math.round(this.#clock.monotonic() - begunAt);
        const facts = { what: outgoing.what, peer, waitedMs, sends, isDatagram, doubts: [...doubts] };
        settle({ kind: 'none', ...facts, ...(end ? { end } : {}) });
      };
      const timeUp = () => giveUp();
      const send = () => {
        sends += 1;
        if (sends > 1) this.#retransmissions += 1;
        if (isDatagram && sends < mostSends) timers.push(this.#clock.after(firstWaitMs * 2 ** (sends - 1), send));
        this.#link.send(outgoing.bytes);
      };
      this.#pending.set(outgoing.id, { outgoing, doubts, settle, giveUp });
      if (scope.signal.aborted) return giveUp();
      if (this.#end) return giveUp(this.#end);
      scope.signal.addEventListener('abort', timeUp, { once: true });
      if (Number.isFinite(limitMs)) timers.push(this.#clock.after(limitMs, () => giveUp(undefined, limitMs)));
      send();
    });
  }

  #take(
    decoded: Decoded<Message>,
    from: TransportAddress,
    at: number,
    onIndication: (message: Message, at: number) => void,
  ): void {
    const id = decoded.kind === 'message' ? decoded.message.id : decoded.id;
    const pending = this.#pending.get(id ?? '');
    if (!sameAddress(from, this.#link.remote)) {
      // A stranger's datagram is nothing to us, unless it knows the transaction.
      if (pending) this.#doubt('other-address', pending);
    } else if (decoded.kind === 'flawed') this.#doubt(decoded.flaw, pending);
    else if (decoded.message.class === 'indication') onIndication(decoded.message, at);
    else if (decoded.message.class !== 'request') this.#takeAnswer(decoded.message, pending);
  }

  #takeAnswer(message: Message, pending: Pending<Message> | undefined): void {
    const { outgoing } = pending ?? {};
    const unmatched = outgoing ? (message.method === outgoing.method ? undefined : 'method') : 'unknown-id';
    const doubt = unmatched ?? outgoing?.judge(message);
    if (doubt) this.#doubt(doubt, pending);
    else pending?.settle({ kind: 'answer', message });
  }

  /** One that belongs to no request may be what became of the answer to any that waits. */
  #doubt(doubt: Doubt, pending: Pending<Message> | undefined): void {
    for (const one of pending ? [pending] : this.#pending.values()) one.doubts.add(doubt);
    // RFC 8489 section 9.2.5: over a reliable transport no better answer can follow.
    if (pending && this.#link.transport !== 'udp') pending.giveUp();
  }
}
