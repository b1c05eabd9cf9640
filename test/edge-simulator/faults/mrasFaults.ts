import type { SipAnswer } from '../sip/answer.js';
import { isSettings } from './chatChanges.js';
import type { Fault, RelayFault } from './fault.js';
import { answerFaults, refusal, type Step } from './stepFaults.js';

const mras: Step = {
  name: 'mras',
  what: 'SERVICE to the A/V authentication service (lync)',
  is: ({ method, uri }) => method === 'SERVICE' && /;opaque=srvr:MRAS:/i.test(uri),
};

function refused(status: number, reasonPhrase: string, diagnostics: string): Fault {
  return refusal(mras, status, reasonPhrase, [
    { name: 'ms-diagnostics', value: `${diagnostics};source="av.contoso.test"` },
  ]);
}

/** What the A/V authentication service answers differs. */
function answer(name: string, description: string, change: (body: string) => string): Fault {
  const changed = (given: SipAnswer): SipAnswer => ({ ...given, body: change(given.body ?? '') });
  return {
    name: `mras-${name}`,
    description: `lync: the answer of the A/V authentication service ${description}`,
    change: (given, { request }) => (mras.is(request) && given.status === 200 ? changed(given) : given),
  };
}

/** The service answers, but refuses with this reason. */
function reason(name: string, words: string): Fault {
  return answer(name, `has the reason "${words}" and nothing else`, (body) =>
    body
      .replace('reasonPhrase="OK"', `reasonPhrase="${words}"`)
      .replace(/<credentialsResponse.*<\/credentialsResponse>/s, ''),
  );
}

function relay(name: string, description: string, fault: RelayFault): Fault {
  return { name: `relay-${name}`, description: `lync: the media relay ${description}`, relay: fault };
}

/** Faults on the way to credentials for the media relay. */
const credentialFaults: readonly Fault[] = [
  {
    name: 'mras-not-told',
    description: 'lync: users are not told where the A/V authentication service is',
    change: (given, exchange) =>
      isSettings(exchange, given)
        ? { ...given, body: (given.body ?? '').replace(/<mrasUri>[^<]*<\/mrasUri>/, '') }
        : given,
  },
  ...answerFaults(mras),
  refused(403, 'Forbidden', '9003;reason="The user may not get credentials"'),
  refused(404, 'Not Found', '9004;reason="There is no such service"'),
  refused(480, 'Temporarily Unavailable', '9005;reason="The service is not started"'),
  refused(503, 'Service Unavailable', '9006;reason="Too many requests"'),
  refused(504, 'Server time-out', '9007;reason="The service cannot be reached"'),
  reason('forbidden', 'Forbidden'),
  reason('malformed', 'Request Malformed'),
  reason('busy', 'Server Busy'),
  reason('version', 'Version Mismatch'),
  reason('failed', 'Internal Server Error'),
  answer('document-type', 'declares a document type with an entity', (body) =>
    body
      .replace('<response', '<!DOCTYPE response [<!ENTITY h SYSTEM "file:///etc/hostname">]><response')
      .replace(/<hostName>[^<]*/, '<hostName>&h;'),
  ),
  answer('half', 'is cut off in the middle', (body) => body.slice(0, body.length / 2)),
  answer('empty', 'is empty', () => ''),
  answer('large', 'has 70000 characters too many', (body) => `${body}${' '.repeat(70_000)}`),
  answer('other-request', 'is to another request', (body) => body.replace(/requestID="[^"]*"/, 'requestID="7"')),
  answer('no-credentials', 'has no credentials', (body) => body.replace(/<credentials>.*<\/credentials>/s, '')),
  answer('expired', 'has credentials for no time', (body) => body.replace(/<duration>\d+/, '<duration>0')),
  answer('no-relays', 'names no media relay', (body) => body.replace(/<mediaRelayList>.*<\/mediaRelayList>/s, '')),
  answer('relay-nowhere', 'names a media relay at 0.0.0.0', (body) =>
    body.replace(/<hostName>[^<]*/, '<hostName>0.0.0.0'),
  ),
];

/** Faults of the media relay. */
const relayFaults: readonly Fault[] = [
  relay('silent', 'says nothing', { silent: 'both' }),
  relay('udp-silent', 'says nothing over UDP', { silent: 'udp' }),
  relay('tcp-silent', 'takes TCP connections and says nothing', { silent: 'tcp' }),
  relay('tcp-closed', 'has its TCP port closed', { tcp: 'refuse' }),
  relay('tcp-tls', 'has a real TLS server in front of its TCP port', { tcp: 'tls' }),
  relay('refuses', 'does not know the credentials: 436', { refuse: 436 }),
  relay('expired', 'takes all credentials as expired: 430', { expired: true }),
  relay('stale-nonce', 'finds the first nonce of each client stale', { staleNonce: true }),
  relay('wrong-integrity', 'signs its answers with another key', { wrongIntegrity: true }),
  relay('no-echo', 'gives allocations that carry nothing', { carriesNothing: true }),
  relay('private-address', 'gives out the relayed address 10.0.0.5, which is not its own', {
    relayedAddress: '10.0.0.5',
  }),
  relay('no-address', 'gives out the relayed address 0.0.0.0', { relayedAddress: '0.0.0.0' }),
];

/** Faults of the A/V Edge: of what hands out credentials, and of the media relay. */
export const mrasFaults: readonly Fault[] = [...credentialFaults, ...relayFaults];
