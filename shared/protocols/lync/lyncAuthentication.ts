import type { Diagnosis } from '../../domain/diagnosis.js';
import type { SipResponse } from '../sip/answer.js';
import { DigestSession } from '../sip/digestSession.js';
import { chooseScheme } from './chooseScheme.js';
import { type NtlmOptions, NtlmSession } from './ntlmSession.js';

/** What comes of a challenge: REGISTER again, with these header fields; or the end. */
export type ChallengeDecision =
  | { readonly kind: 'again'; readonly headers: readonly string[] }
  | { readonly kind: 'refused'; readonly diagnosis: Diagnosis };

/** Signs in with the scheme that the server offers: NTLM, or Digest where there is no NTLM. */
export class LyncAuthentication {
  /** To be put before the wire; it does nothing until NTLM was chosen. */
  readonly guard: NtlmSession;
  readonly #digest: DigestSession;
  #scheme: 'ntlm' | 'digest' | undefined;

  constructor(options: NtlmOptions) {
    this.guard = new NtlmSession(options);
    this.#digest = new DigestSession(options.account, () => options.randomBytes(8).toString('hex'));
  }

  /** As it goes into observations; undefined while nobody asked for credentials. */
  get scheme(): 'NTLM' | 'Digest' | undefined {
    if (this.#scheme === undefined) return undefined;
    return this.#scheme === 'ntlm' ? 'NTLM' : 'Digest';
  }

  /** Header fields for a REGISTER that no challenge called for; NTLM puts its own in at the wire. */
  credentials(uri: string): readonly string[] {
    return this.#scheme === 'digest' ? this.#digest.credentials('REGISTER', uri) : [];
  }

  /** What to do about a 401 or 407 to REGISTER. */
  respond(response: SipResponse, uri: string): ChallengeDecision {
    if (this.#scheme === undefined || (this.#scheme === 'ntlm' && this.guard.mayRenew())) {
      const choice = chooseScheme(response);
      if (choice.kind === 'refused') return choice;
      this.#scheme = choice.kind;
      if (choice.kind === 'ntlm') {
        this.guard.open(choice.offer);
        return { kind: 'again', headers: [] };
      }
    }
    if (this.#scheme === 'digest') {
      const decision = this.#digest.respond(response, 'REGISTER', uri);
      return decision.kind === 'refused' ? decision : { kind: 'again', headers: decision.headers };
    }
    const refused = this.guard.respond(response);
    return refused ? { kind: 'refused', diagnosis: refused } : { kind: 'again', headers: [] };
  }

  /** A diagnosis when a server that was given a digest proves itself wrongly. The proof of NTLM is checked at the wire. */
  checkServer(response: SipResponse): Diagnosis | undefined {
    return this.#scheme === 'digest' ? this.#digest.checkServer(response) : undefined;
  }
}
