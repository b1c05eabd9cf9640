import { describe, expect, test } from 'vitest';
import type { SrvRecord } from '../../../../../shared/protocols/dns/answer.js';
import { findRoute } from '../../../../../shared/protocols/xmpp/federation/findRoute.js';
import { resolveTargets } from '../../../../../shared/protocols/xmpp/federation/resolveTargets.js';
import { fakeResolver, type Zone } from '../../../../fakes/fakeResolver.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';
import { sampleService } from './samples.js';

const srv = `SRV ${sampleService}`;
const record = (target: string, differs: Partial<SrvRecord> = {}): SrvRecord => ({
  target,
  priority: 0,
  weight: 0,
  port: 5269,
  ...differs,
});

const find = (zone: Zone, scope = new FakeScope()) => findRoute('contoso.example', 5269, fakeResolver(zone), scope);

describe('the XMPP records of a domain', () => {
  test('come by priority, then by weight, then by name, in small letters', async () => {
    const records = [
      record('edge3.contoso.example', { priority: 20 }),
      record('EDGE2.contoso.example.', { weight: 5 }),
      record('edge4.contoso.example', { weight: 5 }),
      record('edge1.contoso.example', { weight: 60 }),
    ];

    const route = await find({ [srv]: records });

    expect(route.records.map(({ target }) => target)).toEqual(
      ['edge1', 'edge2', 'edge4', 'edge3'].map((host) => `${host}.contoso.example`),
    );
    expect(route.missing).toBeUndefined();
  });

  test('begin with no active target, so that a failure is part of the history', async () => {
    const scope = new FakeScope();

    await find({ [srv]: [record('edge1.contoso.example')] }, scope);

    expect(scope.observations).toEqual([{ srvService: sampleService, activeTarget: null }]);
  });

  test.each([
    ['nxdomain', {}],
    ['nodata', { [srv]: { kind: 'nodata' as const } }],
  ])('that are missing (%s) leave the domain itself', async (missing, zone) => {
    expect(await find(zone)).toEqual({
      service: sampleService,
      records: [{ target: 'contoso.example', port: 5269, priority: 0, weight: 0 }],
      missing,
    });
  });

  test('with the target "." say that the domain does not federate', async () => {
    const found = await diagnosisOf(find({ [srv]: [record('.')] }));

    expect(found).toMatchObject({
      code: 'DNS_XMPP_NOT_OFFERED',
      error: `SRV record ${sampleService} has the target ".": the domain does not federate over XMPP (RFC 2782)`,
    });
  });

  test('of more than ten targets are cut with a warning, of ten are not', async () => {
    const many = Array.from({ length: 12 }, (_, index) => record(`edge${index}.contoso.example`, { priority: index }));
    const scope = new FakeScope();
    const quiet = new FakeScope();

    const cut = await find({ [srv]: many }, scope);
    await find({ [srv]: many.slice(0, 10) }, quiet);

    expect(cut.records.map(({ priority }) => priority)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(scope.warnings).toEqual([
      {
        code: 'DNS_XMPP_TARGETS_TOO_MANY',
        message: `SRV record ${sampleService} has 12 targets; the 10 of the best priority are looked at`,
      },
    ]);
    expect(quiet.warnings).toEqual([]);
  });

  test.each([
    ['servfail', 'DNS_SERVER_FAILURE'],
    ['refused', 'DNS_QUERY_REFUSED'],
  ] as const)('that the server does not give (%s) are a failure of layer dns', async (kind, code) => {
    expect(await diagnosisOf(find({ [srv]: { kind } }))).toMatchObject({ code, fault: 'target' });
  });

  test('that do not come although the server answers are an incomplete answer, and a dead server is a dead server', async () => {
    const unreachable = { kind: 'unreachable' as const, cause: new Error('connect ECONNREFUSED') };
    const alive = { [srv]: unreachable, 'A contoso.example': ['192.0.2.80'] };
    const dead = { [srv]: unreachable, 'A contoso.example': unreachable };

    expect(await diagnosisOf(find(alive))).toMatchObject({
      code: 'DNS_XMPP_ANSWER_INCOMPLETE',
      fault: 'prober',
      error: `SRV record ${sampleService}: the DNS server answers, but this answer could not be fetched from it`,
    });
    expect(await diagnosisOf(find(dead))).toMatchObject({ code: 'DNS_RESOLVER_UNREACHABLE', fault: 'prober' });
  });
});

describe('the targets of the records', () => {
  const resolve = (zone: Zone, scope = new FakeScope(), missing?: 'nxdomain') =>
    resolveTargets(
      { service: sampleService, records: [record('edge1.contoso.example')], ...(missing ? { missing } : {}) },
      fakeResolver(zone),
      scope,
    );

  test('have the addresses of both families', async () => {
    const [target] = await resolve({
      'A edge1.contoso.example': ['192.0.2.1', '192.0.2.2'],
      'AAAA edge1.contoso.example': ['2001:db8::1'],
    });

    expect(target).toMatchObject({ ipv4: ['192.0.2.1', '192.0.2.2'], ipv6: ['2001:db8::1'] });
    expect(target?.failure).toBeUndefined();
  });

  test('that are an alias are warned of, but not where there is no record', async () => {
    const zone = { 'A edge1.contoso.example': ['192.0.2.1'], 'CNAME edge1.contoso.example': ['lb.contoso.example'] };
    const scope = new FakeScope();
    const quiet = new FakeScope();

    const [target] = await resolve(zone, scope);
    await resolve(zone, quiet, 'nxdomain');

    expect(target?.aliasOf).toBe('lb.contoso.example');
    expect(scope.warnings).toEqual([
      {
        code: 'DNS_XMPP_TARGET_IS_ALIAS',
        message: 'SRV target edge1.contoso.example is an alias (CNAME) of lb.contoso.example, which RFC 2782 forbids',
      },
    ]);
    expect(quiet.warnings).toEqual([]);
  });

  test.each<[string, Zone, string, string]>([
    ['do not exist', {}, 'DNS_XMPP_TARGET_NOT_FOUND', 'the name does not exist (NXDOMAIN)'],
    [
      'have no address',
      { 'A edge1.contoso.example': { kind: 'nodata' }, 'AAAA edge1.contoso.example': { kind: 'nodata' } },
      'DNS_XMPP_TARGET_NO_ADDRESS',
      'the name exists but has neither an A nor an AAAA record (NODATA)',
    ],
    [
      'have no address and a server that denies the name for IPv6',
      { 'A edge1.contoso.example': { kind: 'nodata' } },
      'DNS_XMPP_TARGET_NO_ADDRESS',
      'the name exists but has neither an A nor an AAAA record (NODATA)',
    ],
  ])('that %s say so', async (_, zone, code, words) => {
    const [target] = await resolve(zone);

    expect(target?.failure).toMatchObject({ code, error: `SRV target edge1.contoso.example:5269: ${words}` });
  });

  test('whose server gives no answer carry that trouble', async () => {
    const [target] = await resolve({ 'A edge1.contoso.example': { kind: 'timeout', limitMs: 5000 } });

    expect(target?.failure).toMatchObject({ code: 'DNS_RESOLVER_TIMEOUT', fault: 'prober' });
  });

  test('that are addresses themselves are not asked for', async () => {
    const resolver = fakeResolver({});

    const found = await resolveTargets(
      { service: sampleService, records: [record('192.0.2.7'), record('2001:db8::7')] },
      resolver,
      new FakeScope(),
    );

    expect(found.map(({ ipv4, ipv6 }) => [ipv4, ipv6])).toEqual([
      [['192.0.2.7'], []],
      [[], ['2001:db8::7']],
    ]);
    expect(resolver.asked).toEqual([]);
  });
});
