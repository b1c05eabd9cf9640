import type { Clock } from '../../domain/clock.js';
import { fail, ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import { diagnoseNoAnswer } from './diagnoseNoAnswer.js';
import { type Answer, Exchange } from './exchange.js';
import type { Link } from './link.js';
import { methodName, attributeTypes as types } from './stun/attributes.js';
import { diagnoseError } from './stun/diagnoseError.js';
import { type Challenge, type RelayUser, readChallenge } from './stun/longTerm.js';
import { attribute, type StunAttribute, type StunMessage } from './stun/message.js';
import { type Authentication, readAnswer, writeRequest } from './stun/request.js';
import { readErrorCode, type StunError } from './stun/values.js';

/** What a request carries beside authentication; XORed addresses need the transaction id. */
export type AttributesOf = (id: string) => readonly StunAttribute[];

/** The requests of one client and what authenticates them (RFC 8489 section 9.2). */
export class TurnRequests {
  readonly #peer: string;
  readonly #exchange: Exchange<StunMessage>;
  readonly #newId: () => string;
  #authentication: Authentication | undefined;

  constructor(link: Link, clock: Clock, newId: () => string, onIndication: (message: StunMessage, at: number) => void) {
    this.#peer = link.peer;
    this.#newId = newId;
    this.#exchange = new Exchange(link, readAnswer, onIndication, clock);
  }

  get retransmissions(): number {
    return this.#exchange.retransmissions;
  }

  /** From now on requests are made as this user. */
  signAs(user: RelayUser, challenge: Challenge): void {
    this.#authentication = { user, challenge };
  }

  /** Sends a request; `bare` leaves authentication out. No answer is an outcome here. */
  ask(
    method: number,
    attributes: AttributesOf,
    scope: Scope,
    { bare = false, limitMs }: { readonly bare?: boolean; readonly limitMs?: number } = {},
  ): Promise<Answer<StunMessage>> {
    const id = this.#newId();
    const { bytes, judge } = writeRequest(method, id, attributes(id), bare ? undefined : this.#authentication);
    return this.#exchange.request({ what: methodName(method), method, id, bytes, judge }, scope, limitMs);
  }

  /**
   * The answer to a request, which may be a refusal. On 438 the request is sent once more with the nonce that came with it
   * (RFC 8489 section 9.2.5).
   */
  async answerTo(method: number, attributes: AttributesOf, scope: Scope, limitMs?: number): Promise<StunMessage> {
    const answer = this.#required(await this.ask(method, attributes, scope, limitMs === undefined ? {} : { limitMs }));
    if (!this.#authentication || this.errorOf(answer)?.code !== 438) return answer;
    scope.observe({ nonceRenewed: true });
    this.signAs(this.#authentication.user, this.challengeOf(answer));
    return this.#required(await this.ask(method, attributes, scope));
  }

  /** The same for a request that must be granted. */
  async demand(method: number, attributes: AttributesOf, scope: Scope): Promise<void> {
    const error = this.errorOf(await this.answerTo(method, attributes, scope));
    if (error) throw new ProbeError(diagnoseError(this.#peer, method, error));
  }

  /** Why the relay refuses; undefined where it does not. Throws when it does not say why. */
  errorOf(message: StunMessage): StunError | undefined {
    if (message.class !== 'error') return undefined;
    const value = attribute(message, types.errorCode);
    return (value && readErrorCode(value)) ?? this.incomplete(message.method, 'without a reason');
  }

  /** What a 401 or 438 demands. Throws when that cannot be met. */
  challengeOf(message: StunMessage): Challenge {
    const [realm, nonce, offered] = [types.realm, types.nonce, types.passwordAlgorithms].map((type) =>
      attribute(message, type),
    );
    const read = readChallenge(realm, nonce, offered);
    if (read.kind === 'challenge') return read.challenge;
    const error = `${this.#peer} challenged ${methodName(message.method)} ${read.why}`;
    return fail('TURN_CHALLENGE_UNUSABLE', { error });
  }

  /** Throws: an answer lacks what it must have. */
  incomplete(method: number, what: string): never {
    return fail('TURN_ANSWER_INCOMPLETE', { error: `${this.#peer} answered ${methodName(method)} ${what}` });
  }

  #required(answer: Answer<StunMessage>): StunMessage {
    if (answer.kind === 'none') throw new ProbeError(diagnoseNoAnswer(answer));
    return answer.message;
  }
}
