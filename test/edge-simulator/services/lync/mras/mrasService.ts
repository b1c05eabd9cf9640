import { answerTo } from '../../../sip/answer.js';
import { value } from '../../../sip/message.js';
import { escaped, find, readXml, type XmlElement } from '../../../sip/xmlTree.js';
import type { Outgoing } from '../../service.js';
import { type Admitted, type PoolService, refusing } from '../poolService.js';
import type { Pool } from '../routing.js';

/** The media relay that credentials are handed out for. */
export interface MediaRelayPlace {
  readonly host: string;
  readonly udpPort: number;
  readonly tcpPort: number;
  /** Good until then, milliseconds since the epoch. */
  credentials(expiresAtMs: number): { readonly userName: string; readonly password: string };
}

const contentType = 'application/msrtc-media-relay-auth+xml';
const namespace = 'http://schemas.microsoft.com/2006/09/sip/mrasp';
const mostMinutes = 480;

/** The A/V authentication service (MS-AVEDGEA 3.2): gives signed-in users access to the media relay for a time. */
export function mrasService(pool: Pool, relay: MediaRelayPlace): PoolService {
  const uri = `sip:${relay.host}@${pool.domain};gruu;opaque=srvr:MRAS:Q29udG9zb0F2RWRnZQAA`;
  let granted = 0;

  const answer = (exchange: Admitted): readonly Outgoing[] => {
    const { request, source, flow, user, nowMs } = exchange;
    const refuse = (status: number, reasonPhrase: string, reason: string): readonly Outgoing[] => [
      { flow, answer: refusing(exchange, status, reasonPhrase, `${reason};source="${relay.host}"`) },
    ];
    const type = (value(request.fields, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase();
    if (type !== contentType)
      return refuse(415, 'Unsupported Media Type', '4013;reason="Content-Type is not as expected"');
    const asked = readRequest(request.body);
    if (asked === undefined) return refuse(400, 'Bad Request', '9001;reason="Request does not parse"');
    if (asked.identity.toLowerCase() !== `sip:${user}@${pool.domain}`) {
      return refuse(403, 'Forbidden', '9002;reason="The identity is not the sender"');
    }
    const minutes = Math.min(asked.minutes, mostMinutes);
    const known = /^[123]\.\d$/.test(asked.version);
    if (known) granted += 1;
    const content = known ? grant(asked, minutes, relay, relay.credentials(nowMs + minutes * 60_000)) : '';
    const body = responseTo(asked, uri, known ? 'OK' : 'Version Mismatch', content);
    const fields = [{ name: 'Content-Type', value: contentType }];
    return [{ flow, answer: { ...answerTo(request, source, 200, 'OK', fields), body } }];
  };

  return {
    name: relay.host,
    methods: ['SERVICE'],
    provisioning: {
      ServerConfiguration: `<ucPC2PCAVEncryption>SupportEncryption</ucPC2PCAVEncryption><mrasUri>${uri}</mrasUri>`,
    },
    takes: ({ destination }) => destination.kind === 'service' && destination.name === relay.host,
    answer,
    describe: () => ({ relayCredentialsGranted: granted }),
  };
}

interface Asked {
  readonly id: string;
  readonly credentialsId: string;
  readonly version: string;
  readonly from: string;
  readonly identity: string;
  readonly location: string;
  readonly minutes: number;
}

function readRequest(body: string): Asked | undefined {
  const root = readXml(body);
  const [wanted] = root?.name === 'request' ? find(root, 'credentialsRequest') : [];
  if (!root || !wanted || !body.includes(`xmlns="${namespace}"`)) return undefined;
  const [id, version, from] = ['requestID', 'version', 'from'].map((name) => root.attributes.get(name));
  const credentialsId = wanted.attributes.get('credentialsRequestID');
  const [identity, location, duration] = ['identity', 'location', 'duration'].map((name) => textOf(wanted, name));
  const isWhole = [id, version, from, credentialsId, identity].every(Boolean) && /^\d{1,6}$/.test(duration ?? '');
  if (!isWhole || !['internet', 'intranet'].includes(location ?? '')) return undefined;
  return {
    ...{ id: id ?? '', version: version ?? '', from: from ?? '', credentialsId: credentialsId ?? '' },
    ...{ identity: identity ?? '', location: location ?? '', minutes: Number(duration) },
  };
}

function textOf(parent: XmlElement, name: string): string | undefined {
  return find(parent, name)[0]?.text;
}

function responseTo({ id, from, version }: Asked, uri: string, reasonPhrase: string, content: string): string {
  const ends = `from="${escaped(uri)}" to="${escaped(from)}"`;
  const attributes = `requestID="${escaped(id)}" version="${escaped(version)}" serverVersion="3.0" ${ends} reasonPhrase="${reasonPhrase}"`;
  return `<?xml version="1.0"?><response ${attributes} xmlns="${namespace}">${content}</response>`;
}

function grant(
  { credentialsId, location }: Asked,
  minutes: number,
  { host, udpPort, tcpPort }: MediaRelayPlace,
  { userName, password }: ReturnType<MediaRelayPlace['credentials']>,
): string {
  const credentials = `<credentials><username>${userName}</username><password>${password}</password><duration>${minutes}</duration></credentials>`;
  const relay = `<mediaRelay><location>${location}</location><hostName>${host}</hostName><udpPort>${udpPort}</udpPort><tcpPort>${tcpPort}</tcpPort></mediaRelay>`;
  return `<credentialsResponse credentialsRequestID="${escaped(credentialsId)}">${credentials}<mediaRelayList>${relay}</mediaRelayList></credentialsResponse>`;
}
