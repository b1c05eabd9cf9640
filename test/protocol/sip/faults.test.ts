import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { digestRegistrar } from '../../fixtures/digestRegistrar.js';
import { type DnsServer, ipv4, openDnsServer } from '../../fixtures/dnsServer.js';
import { type OpenServer, openTcpServer } from '../../fixtures/openServer.js';
import { openSilentPort } from '../../fixtures/silentPort.js';
import { runRegistration, type SipRun } from '../../fixtures/sipLab.js';
import { answerTo, openSipServer, type SipScript } from '../../fixtures/sipServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab, type TlsLab } from '../../fixtures/tlsLab.js';

expectNoStrayErrors();
let lab: TlsLab;
const servers: OpenServer[] = [];
const resolvers: DnsServer[] = [];

beforeAll(async () => {
  lab = await openTlsLab();
});

afterEach(async () => {
  for (const server of [...servers.splice(0), ...resolvers.splice(0)]) await server.close();
});

function keep<S extends OpenServer>(server: S): S {
  servers.push(server);
  return server;
}

async function sip(script: SipScript, kind: 'good' | 'expired' | 'wrong-name' | 'untrusted' = 'good', more = {}) {
  return keep(await openSipServer(script, { ...(await lab.options({ kind })), ...more }));
}

const goodbye: SipScript = (_, { socket }) => socket.end();
const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

/** How each fault is brought about: the port to go to, and what differs in the run. */
const faults: Record<string, () => Promise<Partial<SipRun> & { readonly port: number }>> = {
  'DNS_NAME_NOT_FOUND at resolve': async () => {
    const dns = await openDnsServer(() => ({ rcode: 3 }));
    resolvers.push(dns);
    const accessEdge = { host: 'gone.contoso.example', port: 5061, transport: 'tls', address: undefined } as const;
    return { port: 5061, dnsServers: [dns.address], edge: { accessEdge } };
  },
  'TCP_CONNECTION_REFUSED at connect': async () => {
    const server = await openTcpServer(() => {});
    await server.close();
    return { port: server.port };
  },
  'TCP_NO_ROUTE at connect': async () => ({ port: 5061, address: '224.0.0.1' }),
  'TLS_HANDSHAKE_TIMEOUT at tls': async () => ({ port: keep(await openTcpServer(() => {})).port, deadlineMs: 300 }),
  'TLS_HANDSHAKE_CLOSED at tls': async () => ({ port: keep(await openTcpServer((socket) => socket.end())).port }),
  'TLS_NOT_SPOKEN at tls': async () => ({
    port: keep(await openTcpServer((socket) => socket.end('SIP/2.0 400 Bad Request\r\n\r\n'))).port,
  }),
  'TLS_VERSION_UNSUPPORTED at tls': async () => ({ port: (await sip(goodbye, 'good', old)).port }),
  'TLS_CERTIFICATE_EXPIRED at tls': async () => ({ port: (await sip(goodbye, 'expired')).port }),
  'TLS_NAME_MISMATCH at tls': async () => ({ port: (await sip(goodbye, 'wrong-name')).port }),
  'TLS_CERTIFICATE_UNTRUSTED at tls': async () => ({ port: (await sip(goodbye, 'untrusted')).port }),
  'SIP_ANSWER_TIMEOUT at register': async () => ({
    port: (await sip((request, { answer }) => request.headers.expires === '0' && answer(request, '200 OK'))).port,
    deadlineMs: 300,
  }),
  'SIP_ANSWER_INCOMPLETE at register': async () => ({
    port: (
      await sip((request, { send, socket }) =>
        request.headers.expires === '0' ? socket.end() : send(answerTo(request, '200 OK').slice(0, 50)),
      )
    ).port,
    deadlineMs: 300,
  }),
  'SIP_CONNECTION_LOST at register': async () => ({ port: (await sip(goodbye)).port }),
  'SIP_NOT_SPOKEN at register': async () => ({
    port: (await sip((_, { send }) => send('HTTP/1.1 400 Bad\r\n\r\n'))).port,
  }),
  'AUTH_CREDENTIALS_REJECTED at register': async () => ({
    port: (await sip(digestRegistrar())).port,
    password: 'wrong horse',
  }),
};

function told({ diagnosis }: TransactionResult): string {
  return `${diagnosis?.code} at ${diagnosis?.step}`;
}

describe('a fault', () => {
  test.each(Object.entries(faults))('is told apart: %s', async (expected, arrange) => {
    const arranged = await arrange();

    const { result, unexpected } = await runRegistration({ ca: lab.authority.ca, ...arranged });

    expect(told(result)).toBe(expected);
    expect(result.outcome).toBe(result.diagnosis?.fault === 'prober' ? 'inconclusive' : 'failure');
    expect(unexpected).toEqual([]);
  });

  test('that is silence of the port is told apart too', async (context) => {
    const silent = await openSilentPort();
    if (!silent) return context.skip('this kernel answers although the queue of the port is full');

    const { result } = await runRegistration({ port: silent.port, deadlineMs: 300 });
    await silent.close();

    expect(told(result)).toBe('TCP_CONNECT_TIMEOUT at connect');
  });
});

describe('an edge that is found in DNS', () => {
  async function found(names: readonly string[]): Promise<TransactionResult> {
    const server = keep(await openSipServer(digestRegistrar(), await lab.options({ names })));
    const dns = await openDnsServer((question) => {
      const target = 'edge.hosting.example';
      if (question === 'SRV _sips._tcp.contoso.example') {
        return { records: [{ type: 'SRV', priority: 0, weight: 0, port: server.port, target }] };
      }
      return question === `A ${target}` ? { records: [ipv4('127.0.0.1')] } : { records: [] };
    });
    resolvers.push(dns);
    const run = { port: server.port, ca: lab.authority.ca, edge: { accessEdge: undefined }, dnsServers: [dns.address] };
    return (await runRegistration(run)).result;
  }

  test('outside of the SIP domain is trusted by a certificate for the domain', async () => {
    const result = await found(['contoso.example']);

    expect(result).toMatchObject({ outcome: 'success', targetFqdn: 'edge.hosting.example', warnings: [] });
    expect(result.observations).toMatchObject({
      srvService: '_sips._tcp.contoso.example',
      srvTarget: 'edge.hosting.example',
    });
  });

  test('outside of the SIP domain is not trusted by a certificate for itself: DNS may have been forged', async () => {
    const result = await found(['edge.hosting.example']);

    expect(result.diagnosis).toMatchObject({
      code: 'TLS_NAME_MISMATCH',
      error: 'certificate of contoso.example refused: it names DNS:edge.hosting.example',
    });
  });
});
