import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { type Simulated, simulatedRun } from './simulatedRun.js';

let simulator: EdgeSimulator;
let simulated: Simulated;

beforeEach(async () => {
  simulator = await startEdgeSimulator({ dialect: 'lync' });
  simulated = simulatedRun(simulator);
});
afterEach(async () => {
  simulated.close();
  await simulator.close();
});

/** The transactions that looked at what it depends on, and how they found it. */
async function probe(fault?: string) {
  if (fault !== undefined) await simulator.setFault(fault);
  const result = await simulated.run('push-notification');
  return { result, followUps: result.followUps.map(({ transaction, outcome }) => `${transaction} ${outcome}`) };
}

describe('push-notification', () => {
  test('reaches the clearing house as a signed-in user, and signs out again', async () => {
    const { result, followUps } = await probe();

    expect(result).toMatchObject({ outcome: 'success', targetFqdn: 'sip.contoso.test', dialect: 'lync' });
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'resolve passed',
      'own-record passed',
      'push-record passed',
      'connect passed',
      'tls passed',
      'register passed',
      'send-request passed',
      'unregister passed',
    ]);
    expect(result.observations).toMatchObject({
      pushRoute: 'reached: an answer of success',
      ownRecord: { srvTarget: 'sip.contoso.test' },
      pushRecord: { srvTarget: 'sipfed.online.lync.com' },
    });
    expect(followUps).toEqual([]);
    expect(simulator.state()).toMatchObject({ pushRequests: 1, bindings: {} });
  });

  test.each([
    ['push-not-allowed', 'PUSH_DOMAIN_NOT_ALLOWED'],
    ['push-not-authenticated', 'PUSH_AUTHENTICATION_REFUSED'],
    ['push-dns', 'PUSH_DNS_UNRESOLVED'],
    ['push-tls', 'PUSH_TLS_FAILED'],
    ['push-connection', 'PUSH_CONNECTION_FAILED'],
    ['push-url-filter', 'PUSH_URL_FILTER_REJECTED'],
    ['push-504', 'PUSH_SERVER_TIMEOUT'],
    ['push-not-routed', 'PUSH_REQUEST_NOT_ROUTED'],
  ])('with %s fails with %s, and what it depends on is looked at', async (fault, code) => {
    const { result, followUps } = await probe(fault);

    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1, diagnosis: { code, step: 'send-request' } });
    expect(result.steps.at(-1)).toMatchObject({ name: 'unregister', outcome: 'passed' });
    expect(followUps).toContain('sip-federation success');
  });

  test.each([
    ['push-user-not-allowed', 'PUSH_USER_NOT_ALLOWED'],
    ['push-unsuitable', 'PUSH_REQUEST_UNSUITABLE'],
  ])('with %s is inconclusive: it says nothing about the servers', async (fault, code) => {
    const { result, followUps } = await probe(fault);

    expect(result).toMatchObject({ outcome: 'inconclusive', exitCode: 2, diagnosis: { code } });
    expect(followUps).toEqual([]);
  });

  test('counts a refusal that comes from the other side as proof of the way', async () => {
    const { result } = await probe('push-refused-there');

    expect(result).toMatchObject({
      outcome: 'success',
      observations: { pushRoute: 'reached: 480 with ms-diagnostics 1034' },
    });
  });

  test('says that the clearing house is gone where DNS has no record of it, without signing in', async () => {
    const { result } = await probe('push-srv-missing');

    expect(result.diagnosis).toMatchObject({
      code: 'PUSH_CLEARING_HOUSE_GONE',
      step: 'push-record',
      error: 'SRV record _sipfederationtls._tcp.push.lync.com: the name does not exist (NXDOMAIN)',
    });
    expect(result.steps.at(-1)).toEqual({ name: 'unregister', outcome: 'skipped', after: 'push-record' });
  });

  test('fails where the own domain has no record, as does the follow-up', async () => {
    const { result, followUps } = await probe('federation-srv-missing');

    expect(result.diagnosis).toMatchObject({ code: 'FEDERATION_SRV_MISSING', step: 'own-record' });
    expect(followUps).toContain('sip-federation failure');
  });
});
