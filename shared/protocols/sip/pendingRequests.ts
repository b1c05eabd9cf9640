import type { Clock } from '../../domain/clock.js';
import type { SipAnswer } from './answer.js';
import type { Pending } from './pending.js';
import { headerValue, type RawMessage, statusOf } from './rawMessage.js';
import { transactionOf } from './writtenAnswer.js';

/** How long an answer that cannot be read waits for a better one, milliseconds, before it decides. */
const unparsableGraceMs = 500;

/** The requests of a connection whose final response is awaited. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #all = new Set<Pending>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does anything wait? */
  get any(): boolean {
    return this.#all.size > 0;
  }

  add(waiting: Pending): void {
    this.#all.add(waiting);
  }

  remove(waiting: Pending): void {
    this.#all.delete(waiting);
  }

  /** Does anybody wait for this response? One without a Call-ID may be meant for whoever does. */
  isAwaited(raw: RawMessage): boolean {
    const callId = headerValue(raw, 'call-id');
    return [...this.#all].some((waiting) => callId === undefined || waiting.callId === callId);
  }

  /** Gives a response to the request that sip.js knows nothing of, if it is one's. */
  answerWritten(raw: RawMessage, at: number): boolean {
    const [status, transaction] = [statusOf(raw), transactionOf(raw)];
    const waiting = [...this.#all].find((one) => one.transaction !== undefined && one.transaction === transaction);
    if (!waiting || !status) return false;
    if (status.status < 200) waiting.provisional = `${status.status} ${status.reasonPhrase}`.trim();
    else waiting.settle({ kind: 'response', ...status, message: raw }, at);
    return true;
  }

  /** A final response that cannot be read answers the request whose Call-ID it carries, unless a better one follows. */
  answerUnreadable(raw: RawMessage, text: string, at: number): void {
    const callId = headerValue(raw, 'call-id');
    for (const waiting of this.#all) {
      if (callId !== undefined && waiting.callId !== callId) continue;
      const unreadable: SipAnswer = { kind: 'unparsable', excerpt: text.slice(0, 300) };
      waiting.unreadable = unreadable;
      waiting.stopGrace();
      waiting.stopGrace = this.#clock.after(unparsableGraceMs, () => waiting.settle(unreadable, at));
    }
  }

  /** Answers everything that waits, each as it is told. */
  settleAll(answerFor: (waiting: Pending) => SipAnswer, at: number): void {
    for (const waiting of [...this.#all]) waiting.settle(answerFor(waiting), at);
  }
}
