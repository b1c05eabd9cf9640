import { describe, expect, test } from 'vitest';
import { type FailoverContext, failoverCheck, remember } from '../../../shared/cli/failoverCheckSteps.js';
import { formatChanges, formatCheck } from '../../../shared/cli/failoverCheckText.js';
import type { RouteStageName, RouteTarget } from '../../../shared/domain/federationRoute.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { sampleFailure, sampleResult } from '../store/sampleResult.js';

const context: FailoverContext = {
  sipDomain: 'contoso.example',
  port: 5269,
  expectActive: 'edge1.contoso.example',
  expectStandby: ['edge2.contoso.example'],
};

const allStages: readonly RouteStageName[] = ['connect', 'stream', 'starttls', 'tls', 'secure-stream', 'close'];

/** A target as observations keep it; `came` says how many stages it came through, all of them unless told. */
function target(number: number, differs: Partial<RouteTarget> & { readonly came?: number } = {}): RouteTarget {
  const { came = allStages.length, ...rest } = differs;
  return {
    host: `edge${number}.contoso.example`,
    port: 5269,
    priority: (number - 1) * 10,
    weight: 0,
    ipv4: [`192.0.2.${number}`],
    ipv6: [],
    role: number === 1 ? 'active' : 'standby',
    stages: allStages.slice(0, came).map((name) => ({ name, ms: 1, outcome: 'passed' })),
    ...rest,
  };
}

const refused = { code: 'TCP_CONNECTION_REFUSED', error: 'refused', came: 0, role: 'failed' } as const;

function resultOf(...targets: readonly RouteTarget[]): TransactionResult {
  const sample = targets.some(({ role }) => role === 'active') ? sampleResult : sampleFailure;
  return sample({ transaction: 'xmpp-federation', observations: { targets } });
}

const check = (targets: readonly RouteTarget[], differs: Partial<FailoverContext> = {}) =>
  failoverCheck(resultOf(...targets), { ...context, ...differs });
const statesOf = (found: ReturnType<typeof check>) => found.steps.map(({ state }) => state);

describe('the seven steps', () => {
  test('before a fail-over: the standby is ready, federation has not been moved, and nobody is told to move it', () => {
    const found = check([target(1), target(2)]);

    expect(found).toMatchObject({
      phase: 'before',
      active: 'edge1.contoso.example:5269',
      from: 'edge1.contoso.example',
      to: 'edge2.contoso.example',
      ready: true,
    });
    expect(statesOf(found)).toEqual(['done', 'not done', 'done', 'not done', 'done', 'done', 'done']);
    expect(found.steps.filter(({ command }) => command !== undefined)).toEqual([]);
  });

  test('while the active pool is down: what is to be done now has its command', () => {
    const found = check([target(1, refused), target(2)]);

    expect(found).toMatchObject({ phase: 'during', active: null, outcome: 'failure' });
    expect(found.diagnosis?.code).toBe('SIP_ANSWER_TIMEOUT');
    expect(found.steps.map(({ command }) => command)).toEqual([
      undefined,
      'Stop-CsWindowsService',
      undefined,
      'change it in the public zone',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('with the services of the new pool stopped: what waits for them cannot be seen', () => {
    const found = check([target(1, refused), target(2, refused)]);

    expect(statesOf(found)).toEqual([
      'done',
      'done',
      'not observable',
      'not done',
      'done',
      'not observable',
      'not done',
    ]);
  });

  test('after the records were changed and the services started', () => {
    const moved = [target(2, { priority: 0, role: 'active' }), target(1, { ...refused, priority: 10 })];

    const found = check(moved);
    const watched = check(moved, {
      before: { firstActive: 'edge1.contoso.example', stopped: ['edge2.contoso.example'] },
    });

    expect(found).toMatchObject({ phase: 'after', to: 'edge2.contoso.example', ready: true });
    expect(statesOf(found)).toEqual(['done', 'not observable', 'done', 'done', 'done', 'done', 'done']);
    expect(statesOf(watched)).toEqual(['done', 'done', 'done', 'done', 'done', 'done', 'done']);
  });

  test('follow the A record, too: the old name with the address of the new pool', () => {
    const found = check([target(1, { ipv4: ['192.0.2.2'] }), target(2)]);

    expect(found.steps[3]).toMatchObject({
      state: 'done',
      seen: 'partners are led to edge1.contoso.example first, at 192.0.2.2',
    });
  });

  test.each<[string, Partial<RouteTarget> & { came?: number }, number, string]>([
    ['has the address of the old pool', { ipv4: ['192.0.2.1'] }, 1, 'not done'],
    ['shows a wrong certificate', { code: 'TLS_NAME_MISMATCH', error: 'wrong name', came: 3 }, 1, 'not done'],
    ['does not know the domain', { code: 'XMPP_SERVER_HOST_UNKNOWN', error: 'unknown', came: 1 }, 3, 'not done'],
    ['has another port', { port: 5061 }, 5, 'not done'],
    ['has the same priority', { priority: 0 }, 5, 'not done'],
    ['is behind a firewall', { code: 'TCP_CONNECT_TIMEOUT', error: 'no answer', came: 0 }, 6, 'not done'],
    ['is out of our own reach', { code: 'TCP_NO_ROUTE', error: 'no route', came: 0 }, 6, 'not observable'],
    ['is silent', { code: 'XMPP_SERVER_SILENT', error: 'silent', came: 1 }, 7, 'not done'],
    ['is silent, as a stopped one is', { code: 'XMPP_SERVER_SILENT', error: 'silent', came: 1 }, 2, 'done'],
    [
      'is behind a firewall, which hides',
      { code: 'TCP_CONNECT_TIMEOUT', error: 'no answer', came: 0 },
      7,
      'not observable',
    ],
    ['has no address', { ipv4: [], code: 'DNS_XMPP_TARGET_NO_ADDRESS', error: 'none', came: 0 }, 1, 'not observable'],
  ])('of a standby that %s: step %#', (_, differs, step, state) => {
    const found = check([target(1), target(2, differs)]);

    expect(found.steps[step - 1]).toMatchObject({ step, state });
  });

  test('of a standby that DNS does not name: only its record is known to be missing', () => {
    const found = check([target(1)]);

    expect(statesOf(found)).toEqual([
      'not observable',
      'not observable',
      'not observable',
      'not observable',
      'not done',
      'not observable',
      'not observable',
    ]);
    expect(found.steps[4]?.command).toBe(
      '_xmpp-server._tcp.contoso.example SRV <priority> 0 5269 edge2.contoso.example',
    );
  });

  test('without expectations go by what DNS prefers, and by what the watch saw first', () => {
    const nothing = { expectActive: undefined, expectStandby: [] };
    const first = [target(1), target(2), target(3)];
    const memory = remember(resultOf(...first), undefined);

    expect(check(first, nothing)).toMatchObject({ phase: 'before', to: 'edge2.contoso.example' });
    expect(check([target(2, { role: 'active' }), target(1, refused)], { ...nothing, before: memory })).toMatchObject({
      phase: 'after',
      from: 'edge1.contoso.example',
      to: 'edge2.contoso.example',
    });
    expect(check([], nothing)).toMatchObject({ phase: 'during', active: null, from: null, to: null, ready: false });
  });
});

describe('what a watch remembers', () => {
  test('is the first active pool and every one that was seen stopped', () => {
    const first = remember(resultOf(target(1), target(2)), undefined);
    const second = remember(resultOf(target(1, refused), target(2)), first);
    const third = remember(
      resultOf(target(2, { role: 'active' }), target(1, { came: 1, code: 'XMPP_SERVER_SILENT' })),
      second,
    );

    expect(remember(resultOf(target(1, refused), target(2)), undefined).firstActive).toBe('edge1.contoso.example');
    expect(first).toEqual({ firstActive: 'edge1.contoso.example', stopped: [] });
    expect(third).toEqual({ firstActive: 'edge1.contoso.example', stopped: ['edge1.contoso.example'] });
  });
});

describe('the checklist in words', () => {
  test('has every step with what was seen and what to run', () => {
    const text = formatCheck(check([target(1, refused), target(2)]));

    expect(text.split('\n').slice(0, 12)).toEqual([
      'XMPP federation of contoso.example, edge contoso, 2026-11-20T23:15:00Z',
      'Active    : none',
      'Move      : edge1.contoso.example -> edge2.contoso.example (ready)',
      'Phase     : federation is down: fail over, or bring the pool back',
      'Diagnosis : SIP_ANSWER_TIMEOUT: no answer to REGISTER within 10000 ms',
      '',
      '[done]           1. Another Edge pool is deployed: edge2.contoso.example',
      '                    edge2.contoso.example has the address 192.0.2.2',
      '[not done]       2. Its services are stopped while federation is moved',
      '                    the XMPP service answers at edge2.contoso.example:5269',
      '                    > Stop-CsWindowsService',
      '[done]           3. The XMPP federation route leads to it',
    ]);
  });

  test('says only what has changed, and nothing where nothing has', () => {
    const before = check([target(1), target(2)]);
    const after = check([target(1, refused), target(2)]);

    expect(formatChanges(before, before)).toBe('');
    expect(formatChanges(after, before)).toBe(
      '23:15:00Z active: none\n23:15:00Z federation is down: fail over, or bring the pool back\n',
    );
  });

  test('lets nothing that DNS or a server says move the cursor', () => {
    const hostile = target(2, {
      host: 'edge2\u001b[2J\u202e.example',
      error: 'x\u0007\ny',
      code: 'XMPP_SERVER_SILENT',
      came: 1,
    });

    const text = formatCheck(check([target(1), hostile], { expectStandby: [] }));

    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
