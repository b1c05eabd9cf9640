import { type Diagnosis, diagnosis } from '../../../domain/diagnosis.js';
import type { Secret } from '../../../domain/secret.js';
import { type ConditionCodes, codeOf } from '../conditionCodes.js';
import type { XmlElement } from '../element.js';
import { saslNamespace } from './features.js';

/** The codes of the conditions of RFC 6120 section 6.5. */
const failureCodes: ConditionCodes = {
  'not-authorized': 'AUTH_CREDENTIALS_REJECTED',
  'account-disabled': 'XMPP_SASL_ACCOUNT_DISABLED',
  'credentials-expired': 'XMPP_SASL_CREDENTIALS_EXPIRED',
  'encryption-required': 'XMPP_SASL_ENCRYPTION_REQUIRED',
  'invalid-authzid': 'XMPP_SASL_IDENTITY_REFUSED',
  'invalid-mechanism': 'XMPP_SASL_MECHANISM_INVALID',
  'mechanism-too-weak': 'XMPP_SASL_MECHANISM_WEAK',
  'temporary-auth-failure': 'XMPP_SASL_TEMPORARY_FAILURE',
};

/** Who is signing in. */
export interface SaslUser {
  /** The bare JID. */
  readonly jid: string;
  readonly password: Secret;
}

/** The diagnosis of `<failure/>` in answer to `mechanism`; `shown` is what the server was sent, which it may repeat. */
export function diagnoseFailure(
  peer: string,
  { jid, password }: SaslUser,
  mechanism: string,
  failure: XmlElement,
  shown: readonly string[],
): Diagnosis {
  const own = failure.children.filter((child) => child.namespace === saslNamespace);
  const condition = own.find(({ name }) => name !== 'text')?.name ?? 'no condition';
  const words = own.find(({ name }) => name === 'text')?.text;
  const secrets = [password.reveal(), ...shown];
  return diagnosis(codeOf(failureCodes, condition) ?? 'XMPP_SASL_EXCHANGE_REFUSED', {
    error: `${peer} refused to sign in ${jid} with ${mechanism}: ${condition}`,
    serverDiagnosis: secrets.reduce<string | undefined>((text, one) => text?.replaceAll(one, '[redacted]'), words),
  });
}
