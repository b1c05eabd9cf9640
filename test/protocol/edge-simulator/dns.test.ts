import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openResolver } from '../../../shared/protocols/dns/resolver.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { scopeFor } from '../../fakes/fakeScope.js';

let simulator: EdgeSimulator;
beforeEach(async () => {
  simulator = await startEdgeSimulator();
});
afterEach(() => simulator.close());

const resolver = () => openResolver([simulator.dnsServer]);
const federation = '_sipfederationtls._tcp.contoso.test';

describe('the DNS server of the simulator', () => {
  test('tells where clients, partners and the push clearing house are', async () => {
    const scope = scopeFor(5_000);

    expect(await resolver().srv('_sip._tls.contoso.test', scope)).toMatchObject({
      records: [{ priority: 0, port: simulator.port, target: 'sip.contoso.test' }],
    });
    expect(await resolver().srv(federation, scope)).toMatchObject({ records: [{ target: 'sip.contoso.test' }] });
    expect(await resolver().srv('_sipfederationtls._tcp.push.lync.com', scope)).toMatchObject({
      records: [{ port: 5061, target: 'sipfed.online.lync.com' }],
    });
    expect(await resolver().ipv4('sip.contoso.test', scope)).toEqual({ kind: 'records', records: ['127.0.0.1'] });
  });

  test('keeps apart a name that does not exist, one without such a record, and one that is none of its business', async () => {
    const scope = scopeFor(5_000);

    expect(await resolver().ipv4('gone.contoso.test', scope)).toEqual({ kind: 'nxdomain' });
    expect(await resolver().ipv6('sip.contoso.test', scope)).toEqual({ kind: 'nodata' });
    expect(await resolver().ipv4('www.example.com', scope)).toEqual({ kind: 'refused' });
  });

  test.each([
    ['dns-servfail', { kind: 'servfail' }],
    ['dns-silent', { kind: 'timeout', limitMs: 300 }],
    ['federation-srv-missing', { kind: 'nxdomain' }],
    ['federation-srv-refused', { kind: 'records', records: [{ target: '' }] }],
  ] as const)('with %s says so at once, and is itself again when the fault is cleared', async (fault, answer) => {
    await simulator.setFault(fault);
    const faulty = await resolver().srv(federation, scopeFor(300));
    await simulator.clearFault(fault);
    const sound = await resolver().srv(federation, scopeFor(5_000));

    expect(faulty).toMatchObject(answer);
    expect(sound).toMatchObject({ kind: 'records', records: [{ target: 'sip.contoso.test' }] });
  });

  test('that truncates over UDP gives the whole answer over TCP', async () => {
    await simulator.setFault('dns-truncated');

    const answer = await resolver().ipv4('sip.contoso.test', scopeFor(5_000));

    expect(answer).toEqual({ kind: 'records', records: ['127.0.0.1'] });
    expect(simulator.state()).toMatchObject({ dns: { asked: 2 } });
  });

  test('with a target that is an alias gives its address all the same', async () => {
    await simulator.setFault('federation-srv-alias');

    const scope = scopeFor(5_000);

    expect(await resolver().srv(federation, scope)).toMatchObject({ records: [{ target: 'federation.contoso.test' }] });
    expect(await resolver().ipv4('federation.contoso.test', scope)).toMatchObject({ records: ['127.0.0.1'] });
  });

  test('outlives noise over TCP', async () => {
    const socket = connect(Number(simulator.dnsServer.split(':')[1]), '127.0.0.1');
    socket.end(Buffer.from('0003ffffffffff', 'hex'));
    await new Promise((resolve) => socket.resume().once('close', resolve));

    expect(await resolver().ipv4('sip.contoso.test', scopeFor(5_000))).toMatchObject({ kind: 'records' });
  });
});
