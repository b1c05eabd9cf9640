import { type Diagnosis, diagnosis } from '../../domain/diagnosis.js';
import type { Account } from '../../domain/edge.js';
import type { SipResponse } from '../sip/answer.js';
import type { Inspection, MessageGuard } from '../sip/messageGuard.js';
import { readMessage } from '../sip/rawMessage.js';
import { SecurityAssociation } from './association.js';
import type { NtlmOffer } from './chooseScheme.js';
import { clockHint } from './clockDifference.js';
import { lyncDiagnostics } from './diagnostics/diagnoseLync.js';
import { msDiagnosticsOf } from './diagnostics/msDiagnostics.js';
import { answeringHeader, openingHeader, signedHeader } from './gssapiHeader.js';
import { authenticate } from './ntlm/authenticate.js';
import { toNtlmUser } from './ntlm/credentials.js';
import { readToken } from './readToken.js';

/** Where the sign-in stands: what the next message is to carry, or, once `answered`, whose verdict is awaited. */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening'; readonly offer: NtlmOffer }
  | {
      readonly kind: 'answering' | 'answered' | 'established';
      readonly offer: NtlmOffer;
      readonly association: SecurityAssociation;
      readonly token: Buffer;
    };

export interface NtlmOptions {
  readonly account: Account;
  /** Bytes from a cryptographic source. */
  readonly randomBytes: (length: number) => Buffer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Shown to the domain controller; an account that is limited to workstations must be allowed this one. */
const workstation = 'EDGE-PROBES';

/**
 * The NTLM sign-in of one account on one connection (MS-SIPAE 3.1): three legs by REGISTER, then a signature in every message. The
 * password is tried once; a second time only to renew what the server had accepted before.
 */
export class NtlmSession implements MessageGuard {
  readonly #options: NtlmOptions;
  #state: State = { kind: 'idle' };
  #renewed = false;

  constructor(options: NtlmOptions) {
    this.#options = options;
  }

  /** What was agreed on, from the third leg on. */
  get association(): SecurityAssociation | undefined {
    return 'association' in this.#state ? this.#state.association : undefined;
  }

  /** Begins with what a challenge offers: the next REGISTER asks for the server's half. */
  open(offer: NtlmOffer): void {
    this.#state = { kind: 'opening', offer };
  }

  /** Does a challenge mean that the association is gone, and may it be renewed? */
  mayRenew(): boolean {
    if (this.#renewed || !this.association?.proven) return false;
    this.#renewed = true;
    return true;
  }

  /** Takes a further 401 or 407; a diagnosis says that the sign-in is over. */
  respond(response: SipResponse): Diagnosis | undefined {
    if (this.#state.kind === 'established') return forgotten(response);
    if (this.#state.kind !== 'opening') return this.#rejected(response);
    const { offer } = this.#state;
    const reading = readToken(response);
    if (reading.kind === 'refused') return reading.diagnosis;
    const { account, randomBytes, now } = this.#options;
    const { token, keys } = authenticate(reading.challenge, {
      ...toNtlmUser(account.userName),
      password: account.password.reveal(),
      workstation,
      clientChallenge: randomBytes(8),
      exportedSessionKey: randomBytes(16),
      nowMs: now(),
    });
    const { names, version } = offer;
    const agreement = { names, version, opaque: reading.opaque, keys };
    const association = new SecurityAssociation(agreement, () => randomBytes(4).toString('hex'));
    this.#state = { kind: 'answering', offer, association, token };
    return undefined;
  }

  outgoing(text: string): string {
    const value = this.#headerFor(text);
    if (value === undefined) return text;
    const field =
      'offer' in this.#state && this.#state.offer.from === 'proxy' ? 'Proxy-Authorization' : 'Authorization';
    return text.replace('\r\n\r\n', () => `\r\n${field}: ${value}\r\n\r\n`);
  }

  incoming(text: string): Inspection {
    const { association } = this;
    return association ? association.inspect(readMessage(text)) : { kind: 'pass' };
  }

  #headerFor(text: string): string | undefined {
    const state = this.#state;
    const registers = text.startsWith('REGISTER ');
    const begun = state.kind === 'answered' || state.kind === 'established';
    if (state.kind === 'idle' || (!begun && !registers)) return undefined;
    const { names, version } = state.offer;
    if (state.kind === 'opening') return openingHeader(names, version);
    const { association, token } = state;
    const { opaque } = association.agreement;
    // Only another REGISTER ends the wait for the verdict; a stray request may have to be answered meanwhile.
    this.#state = { ...state, kind: !begun ? 'answered' : registers ? 'established' : state.kind };
    if (begun) return signedHeader(names, opaque) + association.sign(readMessage(text));
    const header = answeringHeader(names, version, opaque, token);
    // Only version 4 signs the message that brings the keys.
    return version === 4 ? header + association.sign(readMessage(text)) : header;
  }

  #rejected(response: SipResponse): Diagnosis {
    const { status, reasonPhrase, message } = response;
    const hint = clockHint(message, this.#options.now());
    const skewed = msDiagnosticsOf(message).some(({ id }) => id === 1013);
    const { userName } = this.#options.account;
    return diagnosis(skewed ? 'AUTH_CLOCK_SKEW' : 'AUTH_CREDENTIALS_REJECTED', {
      error: `server answered ${status} ${reasonPhrase} to REGISTER with the credentials of ${userName}${hint}`,
      serverDiagnosis: lyncDiagnostics(response),
    });
  }
}

/** A later 401 says nothing about the password: the server lost what was agreed on, or never had it. */
function forgotten({ status, reasonPhrase }: SipResponse): Diagnosis {
  return diagnosis('AUTH_CHALLENGE_LOOP', {
    error: `server answered ${status} ${reasonPhrase} to a signed REGISTER: it does not know the sign-in any more`,
  });
}
