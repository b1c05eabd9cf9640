import type { ZoneRecord } from '../dns/records.js';
import { addressRecord } from '../dns/records.js';
import { answerTo } from '../sip/answer.js';
import type { Fault, FederationFault } from './fault.js';

const service = '_sipfederationtls._tcp.contoso.test';

/** A fault of what DNS says about the federation route. */
function record(
  name: string,
  description: string,
  change: (records: readonly ZoneRecord[]) => readonly ZoneRecord[],
): Fault {
  return { name, description: `federation: ${description}`, dns: { change } };
}

/** The SRV record of the own domain, changed. */
function changed(records: readonly ZoneRecord[], differs: { readonly target?: string; readonly port?: number }) {
  return records.map((one) => (one.name === service && one.type === 'SRV' ? { ...one, ...differs } : one));
}

/** A fault of the server on the federation port. */
function server(name: string, description: string, federation: FederationFault): Fault {
  return { name, description: `federation: ${description}`, federation };
}

function certificate(name: string, kind: 'expired' | 'wrong-name' | 'untrusted'): Fault {
  return server(name, `the certificate of the server is ${kind}`, { tls: { certificate: kind } });
}

const foreignHost = 'sip.fabrikam.test';

/** Faults of DNS and of the way in for other domains. */
export const federationFaults: readonly Fault[] = [
  { name: 'dns-silent', description: 'the DNS server never answers', dns: { reply: 'silence' } },
  { name: 'dns-servfail', description: 'the DNS server answers SERVFAIL', dns: { reply: 'servfail' } },
  {
    name: 'dns-truncated',
    description: 'every answer over UDP is truncated: clients have to ask over TCP',
    dns: { reply: 'truncated' },
  },
  {
    name: 'sip-srv-missing',
    description: 'there is no record _sip._tls',
    dns: { change: (records) => records.filter(({ name }) => name !== '_sip._tls.contoso.test') },
  },
  record('federation-srv-missing', 'there is no record _sipfederationtls._tcp', (records) =>
    records.filter(({ name }) => name !== service),
  ),
  record('federation-srv-refused', 'the record has the target "."', (records) => changed(records, { target: '.' })),
  record('federation-srv-foreign', 'the record leads to a host of another domain', (records) => [
    ...changed(records, { target: foreignHost }),
    addressRecord(foreignHost, '127.0.0.1'),
  ]),
  record('federation-srv-alias', 'the record leads to an alias (CNAME) of the host', (records) => [
    ...changed(records, { target: 'federation.contoso.test' }),
    { name: 'federation.contoso.test', type: 'CNAME', target: 'sip.contoso.test' },
  ]),
  record('federation-srv-no-address', 'the record leads to a name without an address', (records) =>
    changed(records, { target: 'gone.contoso.test' }),
  ),
  record('federation-srv-port', 'the record names a port on which nobody listens', (records) =>
    changed(records, { port: 9 }),
  ),
  record('push-srv-missing', 'there is no record _sipfederationtls._tcp of the push domain', (records) =>
    records.filter(({ name }) => name !== '_sipfederationtls._tcp.push.lync.com'),
  ),
  record('partner-srv-missing', 'there is no record _sipfederationtls._tcp of the partner', (records) =>
    records.filter(({ name }) => name !== '_sipfederationtls._tcp.partner.test'),
  ),
  server('federation-refused', 'the port is closed', { accept: 'refuse' }),
  server('federation-silent', 'connections are accepted and never answered', { accept: 'silent' }),
  server('federation-closed', 'connections are closed at once', { accept: 'close' }),
  server('federation-not-demanded', 'no client certificate is asked for', { tls: { clientCertificate: false } }),
  server('federation-tls12', 'the server speaks TLS 1.2 alone', { tls: { maxVersion: 'TLSv1.2' } }),
  server('federation-mute', 'after the handshake nothing is answered', { mute: true }),
  certificate('federation-certificate-expired', 'expired'),
  certificate('federation-certificate-wrong-name', 'wrong-name'),
  certificate('federation-certificate-untrusted', 'untrusted'),
  server('federation-403', 'requests are answered 403 Forbidden', {
    instead: ({ request, source }) => answerTo(request, source, 403, 'Forbidden'),
  }),
];
