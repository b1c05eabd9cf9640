import type { Scope } from '../../../domain/scope.js';
import type { SipAnswer } from '../answer.js';
import { askLifetime } from '../answerChallenges.js';
import { headerValue } from '../rawMessage.js';
import type { AccountRequests } from '../requests.js';

/** Presence state that an account publishes about itself (RFC 3903). */
export interface PresencePublication {
  /** PUBLISH with a PIDF document; the entity-tag of the answer is kept. */
  publish(document: string, scope: Scope): Promise<SipAnswer>;
  /** PUBLISH with `Expires: 0` under the entity-tag. Only while `alive`. */
  remove(scope: Scope): Promise<SipAnswer>;
  /** Does the server hold the state, as far as it told us, and for some time yet? */
  readonly alive: boolean;
}

/** What stays published when a prober is killed ends by itself after so many seconds. */
const expiresSeconds = 90;

/** A publication under one entity-tag. */
export class EventPublication implements PresencePublication {
  readonly #requests: AccountRequests;
  #entityTag: string | undefined;
  #aliveUntil = Number.NEGATIVE_INFINITY;

  constructor(requests: AccountRequests) {
    this.#requests = requests;
  }

  get alive(): boolean {
    return this.#entityTag !== undefined && this.#requests.clock.monotonic() < this.#aliveUntil;
  }

  async publish(document: string, scope: Scope): Promise<SipAnswer> {
    const body = { contentType: 'application/pidf+xml', content: document };
    const answer = await askLifetime(expiresSeconds, (seconds) =>
      this.#requests.send({ ...this.#planned([`Expires: ${seconds}`]), body }, scope),
    );
    if (answer.kind === 'response' && answer.status < 300) {
      this.#entityTag = headerValue(answer.message, 'sip-etag');
      const granted = Number(headerValue(answer.message, 'expires') ?? expiresSeconds);
      const seconds = Number.isInteger(granted) ? granted : expiresSeconds;
      this.#aliveUntil = this.#requests.clock.monotonic() + seconds * 1000;
    }
    return answer;
  }

  async remove(scope: Scope): Promise<SipAnswer> {
    const entityTag = this.#entityTag ?? '';
    this.#entityTag = undefined;
    return this.#requests.send(this.#planned(['Expires: 0', `SIP-If-Match: ${entityTag}`]), scope);
  }

  #planned(headers: readonly string[]) {
    return { method: 'PUBLISH', uri: this.#requests.sipAddress, headers: ['Event: presence', ...headers] };
  }
}
