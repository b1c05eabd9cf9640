import { type Diagnosis, diagnosis } from '../../domain/diagnosis.js';
import type { SipResponse } from '../sip/answer.js';
import { headerValues } from '../sip/rawMessage.js';
import { type AssociationNames, type GssapiHeader, readGssapiHeader, readVersion } from './gssapiHeader.js';
import type { SignatureVersion } from './signatureBuffer.js';

/** NTLM as a server offers it. */
export interface NtlmOffer {
  readonly names: AssociationNames;
  readonly version: SignatureVersion;
  /** Who asks: the registrar (401) or a proxy on the way (407). */
  readonly from: 'registrar' | 'proxy';
}

/** The way to sign in that a challenge leaves to us. */
export type SchemeChoice =
  | { readonly kind: 'ntlm'; readonly offer: NtlmOffer }
  | { readonly kind: 'digest' }
  | { readonly kind: 'refused'; readonly diagnosis: Diagnosis };

/** Every scheme that a 401 or 407 offers, with its parameters. */
export function offersOf(response: SipResponse): GssapiHeader[] {
  const field = response.status === 407 ? 'proxy-authenticate' : 'www-authenticate';
  return headerValues(response.message, field).map(readGssapiHeader);
}

/** NTLM where it is offered, because it also proves the server and signs every message; Digest where that is what there is. */
export function chooseScheme(response: SipResponse): SchemeChoice {
  const offers = offersOf(response);
  const ntlm = offers.find((offer) => is(offer, 'ntlm'));
  if (ntlm) return chooseNtlm(response, ntlm);
  if (offers.some((offer) => is(offer, 'digest'))) return { kind: 'digest' };
  return { kind: 'refused', diagnosis: unusable(response, offers) };
}

function chooseNtlm(response: SipResponse, offer: GssapiHeader): SchemeChoice {
  const version = readVersion(offer);
  const [realm, targetName] = ['realm', 'targetname'].map((name) => offer.parameters.get(name));
  if (typeof version === 'string') {
    const error = `${said(response)} and offers NTLM with signatures of version ${version}; spoken here are 2, 3 and 4`;
    return { kind: 'refused', diagnosis: diagnosis('AUTH_ALGORITHM_UNSUPPORTED', { error }) };
  }
  if (!realm || !targetName) {
    const error = `${said(response)} and offers NTLM without ${realm ? 'targetname' : 'realm'}`;
    return { kind: 'refused', diagnosis: diagnosis('AUTH_CHALLENGE_MALFORMED', { error }) };
  }
  const from = response.status === 407 ? 'proxy' : 'registrar';
  return { kind: 'ntlm', offer: { names: { realm, targetName }, version, from } };
}

function unusable(response: SipResponse, offers: readonly GssapiHeader[]): Diagnosis {
  const schemes = offers.map((offer) => offer.scheme).filter((scheme) => scheme !== '');
  if (schemes.length === 0) {
    const field = response.status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate';
    return diagnosis('AUTH_CHALLENGE_MALFORMED', { error: `${said(response)} with no ${field} header field` });
  }
  const error = `${said(response)} and offers ${schemes.join(', ')}; spoken here are NTLM and Digest`;
  if (offers.some((offer) => is(offer, 'tls-dsk'))) return diagnosis('AUTH_CERTIFICATE_ONLY', { error });
  if (offers.some((offer) => is(offer, 'kerberos'))) return diagnosis('AUTH_KERBEROS_ONLY', { error });
  return diagnosis('AUTH_SCHEME_UNSUPPORTED', { error });
}

function is(offer: GssapiHeader, scheme: string): boolean {
  return offer.scheme.toLowerCase() === scheme;
}

function said({ status, reasonPhrase }: SipResponse): string {
  return `server answered ${status} ${reasonPhrase}`;
}
