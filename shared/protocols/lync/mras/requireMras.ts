import { type DiagnosisCode, fail } from '../../../domain/diagnosis.js';
import type { DocumentFlaw } from '../presence/document.js';
import { type ProvisionedGroup, settingOf } from '../provisioning.js';
import type { CredentialsReading } from './credentialsResponse.js';

/** The address of the A/V authentication service, out of the group ServerConfiguration. Throws a `ProbeError` where there is none. */
export function requireMrasUri(settings: ProvisionedGroup, sipAddress: string, peer: string): string {
  if (settings.kind === 'silent') {
    return fail('TURN_MRAS_URI_MISSING', { error: `${peer} told ${sipAddress} no group ServerConfiguration` });
  }
  if (settings.kind !== 'group') return failOfFlaw(`the list of settings that ${peer} sent to ${sipAddress}`, settings);
  const uri = settingOf(settings.group, 'mrasUri');
  if (/^sip:[^\s<>"]{1,512}$/i.test(uri)) return uri;
  const what = uri === '' ? 'no mrasUri' : `"${uri.slice(0, 100)}" as mrasUri, which is no SIP address`;
  return fail('TURN_MRAS_URI_MISSING', { error: `${peer} told ${sipAddress} ${what}` });
}

type Granted = Extract<CredentialsReading, { readonly kind: 'granted' }>;

/** The reasons of section 2.2 that are not a matter of the request. */
const refusals: Readonly<Record<string, DiagnosisCode>> = {
  forbidden: 'TURN_MRAS_FORBIDDEN',
  'version mismatch': 'TURN_MRAS_VERSION_MISMATCH',
  'server busy': 'TURN_MRAS_BUSY',
  'time out': 'TURN_MRAS_BUSY',
  'internal server error': 'TURN_MRAS_SERVER_ERROR',
  'other failure': 'TURN_MRAS_SERVER_ERROR',
};

/** The credentials, with the relays they are for; throws a `ProbeError` that says why there are none. `service` is its address. */
export function requireCredentials(reading: CredentialsReading, service: string): Granted {
  switch (reading.kind) {
    case 'granted':
      return reading;
    case 'refused': {
      const { reason, serverVersion } = reading;
      const version = serverVersion === undefined ? '' : `, version ${serverVersion.slice(0, 20)}`;
      return fail(refusals[reason.toLowerCase()] ?? 'TURN_MRAS_REQUEST_REFUSED', {
        error: `${service} refused to hand out credentials: "${reason.slice(0, 100)}"${version}`,
      });
    }
    case 'other-request':
      return fail('TURN_MRAS_ANSWER_MISMATCH', { error: `${service} answered another request than it was sent` });
    case 'no-credentials':
      return fail('TURN_MRAS_CREDENTIALS_MISSING', {
        error: `${service} answered OK without a user name and password in base64`,
      });
    case 'expired':
      return fail('TURN_MRAS_CREDENTIALS_EXPIRED', {
        error: `${service} handed out credentials for ${reading.minutes} minutes`,
      });
    case 'no-relays':
      return fail('TURN_MRAS_RELAYS_MISSING', {
        error: `${service} handed out credentials, but named no media relay to use them at`,
      });
    default:
      return failOfFlaw(`the answer of ${service}`, reading);
  }
}

/** What the parser says is left out: it may repeat names, and in a broken answer anything can be a name. */
function failOfFlaw(document: string, { kind }: DocumentFlaw): never {
  switch (kind) {
    case 'document-type':
      return fail('TURN_MRAS_DOCUMENT_FORBIDDEN', { error: `${document} declares a document type` });
    case 'too-large':
      return fail('TURN_MRAS_DOCUMENT_TOO_LARGE', { error: `${document} is larger than any is` });
    case 'unreadable':
      return fail('TURN_MRAS_DOCUMENT_UNREADABLE', { error: `${document} is not the XML that was expected` });
  }
}
