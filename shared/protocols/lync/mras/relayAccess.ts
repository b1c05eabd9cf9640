import { type Diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { diagnoseLync } from '../diagnostics/diagnoseLync.js';
import type { LyncUserAgent } from '../lyncUserAgent.js';
import { askForSettings, provisioningRequest, readProvisionedGroup } from '../provisioning.js';
import { credentialsRequest } from './credentialsRequest.js';
import { type HandedOutCredentials, type NamedRelay, readCredentials } from './credentialsResponse.js';
import { requireCredentials, requireMrasUri } from './requireMras.js';

type User = Pick<LyncUserAgent, 'peer' | 'request'>;

/** A media relay and what it takes. */
export interface RelayAccess {
  readonly relay: NamedRelay;
  readonly credentials: HandedOutCredentials;
}

const group = 'ServerConfiguration';

/** Codes for statuses that here tell of the A/V authentication service. */
const statusCodes = {
  403: 'TURN_MRAS_FORBIDDEN',
  404: 'TURN_MRAS_NOT_FOUND',
  480: 'TURN_MRAS_UNAVAILABLE',
  503: 'TURN_MRAS_BUSY',
  504: 'TURN_MRAS_UNREACHABLE',
} as const;

/** The address of the A/V authentication service that the front end names for this user (mrasUri). Throws a `ProbeError`. */
export async function findMras(user: User, sipAddress: string, scope: Scope): Promise<string> {
  const document = await askForSettings(user, provisioningRequest(sipAddress, group), scope);
  return requireMrasUri(readProvisionedGroup(document, group), sipAddress, user.peer);
}

/** Asks the A/V authentication service for credentials and relays (MS-AVEDGEA section 3.1). Throws a `ProbeError`. */
export async function askForRelay(user: User, sipAddress: string, mrasUri: string, scope: Scope): Promise<RelayAccess> {
  const answer = await user.request(credentialsRequest(mrasUri, sipAddress), scope);
  const found = diagnoseLync(`SERVICE to ${mrasUri}`, user.peer, answer, statusCodes);
  if (found) throw new ProbeError(answer.kind === 'response' ? found : withoutExcerpt(found));
  const reading = readCredentials(answer.kind === 'response' ? answer.message.body : '');
  const { credentials, minutes, relays, serverVersion } = requireCredentials(reading, mrasUri);
  scope.observe({
    mediaRelays: relays.map(({ host, udpPort, tcpPort }) => `${host} UDP ${udpPort} TCP ${tcpPort}`),
    ...(minutes === undefined ? {} : { credentialMinutes: minutes }),
    ...(serverVersion === undefined ? {} : { mrasVersion: serverVersion.slice(0, 20) }),
  });
  return { relay: relays[0], credentials };
}

/** Of an answer that is no correct SIP anything may have been kept, the password too. */
function withoutExcerpt({ serverDiagnosis: _, ...found }: Diagnosis): Diagnosis {
  return found;
}
