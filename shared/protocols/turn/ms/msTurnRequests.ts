import type { Clock } from '../../../domain/clock.js';
import { fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { diagnoseNoAnswer } from '../diagnoseNoAnswer.js';
import { Exchange } from '../exchange.js';
import type { Link } from '../link.js';
import type { StunAttribute } from '../stun/message.js';
import { readErrorCode, type StunError, writeSeconds } from '../stun/values.js';
import {
  decodeMsMessage,
  encodeMsMessage,
  type MsMessage,
  msAttribute,
  msKey,
  msMethods,
  msTypes as types,
  verifyMsIntegrity,
} from './msMessage.js';

/** The version that clients of 2007 R2 and later say (MS-TURN section 2.2.2). */
const version = Buffer.from([0, 0, 0, 1]);

/** What a 401 or 438 demands, as it came. */
export interface MsChallenge {
  readonly realm: Buffer;
  readonly nonce: Buffer;
}

interface Session extends MsChallenge {
  readonly userName: Buffer;
  readonly key: Buffer;
}

/** The requests of one client of MS-TURN and what authenticates them. */
export class MsTurnRequests {
  readonly #link: Link;
  readonly #newId: () => string;
  readonly #exchange: Exchange<MsMessage>;
  #session: Session | undefined;
  /** 20 bytes that the relay gave the connection; requests are counted behind them. */
  #connectionId: Buffer | undefined;
  #sequence = 0;

  constructor(link: Link, clock: Clock, newId: () => string, onData: (message: MsMessage, at: number) => void) {
    this.#link = link;
    this.#newId = newId;
    this.#exchange = new Exchange(link, decodeMsMessage, onData, clock);
  }

  get retransmissions(): number {
    return this.#exchange.retransmissions;
  }

  /** From now on requests are made as this user; both are the bytes that base64 stood for. */
  signAs(userName: Buffer, password: Buffer, challenge: MsChallenge): void {
    this.#session = { ...challenge, userName, key: msKey(userName, challenge.realm, password) };
  }

  /** From now on requests are counted, if the relay has named the connection. */
  countFrom(answer: MsMessage): void {
    this.#connectionId = msAttribute(answer, types.sequenceNumber)?.subarray(0, 20);
  }

  /** The answer to an Allocate request, which may be a refusal. On 438 it is sent once more with the nonce that came with it. */
  async allocate(attributes: readonly StunAttribute[], scope: Scope, limitMs?: number): Promise<MsMessage> {
    const answer = await this.#ask(attributes, scope, limitMs);
    if (!this.#session || this.errorOf(answer)?.code !== 438) return answer;
    scope.observe({ nonceRenewed: true });
    this.#session = { ...this.#session, nonce: this.challengeOf(answer).nonce };
    return this.#ask(attributes, scope);
  }

  /** Sends what nobody answers. */
  tell(method: number, attributes: readonly StunAttribute[]): void {
    this.#link.send(this.#write(method, this.#newId(), attributes));
  }

  /** Why the relay refuses; undefined where it does not. Throws when it does not say why. */
  errorOf(message: MsMessage): StunError | undefined {
    if (message.class !== 'error') return undefined;
    const value = msAttribute(message, types.errorCode);
    return (value && readErrorCode(value)) ?? this.incomplete('without a reason');
  }

  /** What a 401 or 438 demands. Throws when that cannot be met. */
  challengeOf(message: MsMessage): MsChallenge {
    const [realm, nonce] = [msAttribute(message, types.realm), msAttribute(message, types.nonce)];
    if (realm && nonce) return { realm, nonce };
    const error = `${this.#link.peer} challenged Allocate without a ${realm ? 'nonce' : 'realm'}`;
    return fail('TURN_CHALLENGE_UNUSABLE', { error });
  }

  /** Throws: an answer lacks what it must have. */
  incomplete(what: string): never {
    return fail('TURN_ANSWER_INCOMPLETE', { error: `${this.#link.peer} answered Allocate ${what}` });
  }

  async #ask(attributes: readonly StunAttribute[], scope: Scope, limitMs?: number): Promise<MsMessage> {
    const id = this.#newId();
    const key = this.#session?.key;
    const bytes = this.#write(msMethods.allocate, id, attributes);
    const judge = (message: MsMessage) => {
      const found = key ? verifyMsIntegrity(message, key) : 'right';
      // A refusal of the credentials themselves cannot be authenticated.
      return found === 'right' || (found === 'absent' && message.class === 'error') ? undefined : 'integrity';
    };
    const outgoing = { what: 'Allocate', method: msMethods.allocate, id, bytes, judge };
    const answer = await this.#exchange.request(outgoing, scope, limitMs);
    if (answer.kind === 'none') throw new ProbeError(diagnoseNoAnswer(answer));
    return answer.message;
  }

  #write(method: number, id: string, attributes: readonly StunAttribute[]): Buffer {
    const session = this.#session;
    const common = [{ type: types.msVersion, value: version }];
    if (!session) return encodeMsMessage(method, 'request', id, [...common, ...attributes]);
    const signed = [
      { type: types.username, value: session.userName },
      { type: types.nonce, value: session.nonce },
      { type: types.realm, value: session.realm },
      ...this.#sequenceNumber(),
    ];
    return encodeMsMessage(method, 'request', id, [...common, ...signed, ...attributes], session.key);
  }

  #sequenceNumber(): StunAttribute[] {
    if (!this.#connectionId) return [];
    this.#sequence += 1;
    return [{ type: types.sequenceNumber, value: Buffer.concat([this.#connectionId, writeSeconds(this.#sequence)]) }];
  }
}
