import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../domain/diagnosis.js';
import type { SipResponse } from '../sip/answer.js';
import { offersOf } from './chooseScheme.js';
import { type ChallengeFlaw, type NtlmChallenge, readChallenge } from './ntlm/challenge.js';

/** The server's half of the NTLM exchange. */
export type TokenReading =
  | { readonly kind: 'challenge'; readonly challenge: NtlmChallenge; readonly opaque: string }
  | { readonly kind: 'refused'; readonly diagnosis: Diagnosis };

const flawCodes: Readonly<Record<ChallengeFlaw, DiagnosisCode>> = {
  malformed: 'AUTH_NTLM_MALFORMED',
  truncated: 'AUTH_NTLM_TRUNCATED',
  oversized: 'AUTH_NTLM_OVERSIZED',
  overlapping: 'AUTH_NTLM_OVERLAPPING',
  'flags-missing': 'AUTH_NTLM_FLAGS_MISSING',
};

/** More than any challenge that is read. */
const mostCharacters = 16_384;

/** Takes the challenge out of the answer to the opening REGISTER (MS-SIPAE 3.2.5.1). */
export function readToken(response: SipResponse): TokenReading {
  const offer = offersOf(response).find(({ scheme }) => scheme.toLowerCase() === 'ntlm');
  const opaque = offer?.parameters.get('opaque') ?? '';
  const data = offer?.parameters.get('gssapi-data') ?? '';
  const lacking =
    offer === undefined ? 'an NTLM challenge' : data === '' ? 'gssapi-data' : opaque === '' ? 'opaque' : '';
  if (lacking !== '') return refused(response, 'malformed', `it came without ${lacking}`);
  if (data.length > mostCharacters) return refused(response, 'oversized', `it has ${data.length} characters of base64`);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return refused(response, 'malformed', 'it is not base64');
  const reading = readChallenge(Buffer.from(data, 'base64'));
  if (reading.kind === 'flawed') return refused(response, reading.flaw, reading.what);
  return { kind: 'challenge', challenge: reading.challenge, opaque };
}

/** The token itself never goes into a text. */
function refused({ status, reasonPhrase }: SipResponse, flaw: ChallengeFlaw, what: string): TokenReading {
  const error = `server answered ${status} ${reasonPhrase} with an NTLM challenge that cannot be answered: ${what}`;
  return { kind: 'refused', diagnosis: diagnosis(flawCodes[flaw], { error }) };
}
