import { describe, expect, test } from 'vitest';
import { type DiagnosisCode, entryOf, type WarningCode } from '../../../../../shared/domain/diagnosis.js';
import { judgeRoute, type RouteExpectation } from '../../../../../shared/protocols/xmpp/federation/judgeRoute.js';
import type { ProbedTarget } from '../../../../../shared/protocols/xmpp/federation/probeTarget.js';
import { sampleRoute, sampleTarget } from './samples.js';

const nothingExpected: RouteExpectation = { expectActive: undefined, expectStandby: [], port: 5269 };

function judge(probed: readonly ProbedTarget[], expected: Partial<RouteExpectation> = {}) {
  const judged = judgeRoute(sampleRoute(probed), probed, { ...nothingExpected, ...expected });
  return { ...judged, codes: judged.warnings.map(({ code }) => code) };
}

describe('the active target', () => {
  test('is the one of the best priority, the others standing by', () => {
    const { active, targets, warnings, failure } = judge([sampleTarget(1), sampleTarget(2)]);

    expect(active).toBe('edge1.contoso.example:5269');
    expect(targets.map(({ role }) => role)).toEqual(['active', 'standby']);
    expect([warnings, failure]).toEqual([[], undefined]);
  });

  test('alone is no matter for a warning unless a standby is expected', () => {
    expect(judge([sampleTarget(1)]).codes).toEqual([]);
    expect(judge([sampleTarget(1)], { expectStandby: ['edge2.contoso.example'] }).warnings).toEqual([
      {
        code: 'XMPP_STANDBY_NOT_PUBLISHED',
        message:
          'edge2.contoso.example is to stand by, but has no SRV record; step 5: add one with a priority of its own',
      },
    ]);
  });

  test('that is down is a failure although another one answers: the records still name the first', () => {
    const { active, failure, warnings, targets } = judge([
      sampleTarget(1, { code: 'TCP_CONNECTION_REFUSED' }),
      sampleTarget(2),
    ]);

    expect(active).toBeUndefined();
    expect(failure).toMatchObject({
      code: 'TCP_CONNECTION_REFUSED',
      error: 'edge1.contoso.example met TCP_CONNECTION_REFUSED',
    });
    expect(targets.map(({ role }) => role)).toEqual(['failed', 'standby']);
    expect(warnings).toEqual([
      {
        code: 'XMPP_FAILOVER_POSSIBLE',
        message:
          'edge2.contoso.example:5269 could take over from edge1.contoso.example:5269: repoint the route (step 3) and change the records (steps 4 and 5)',
      },
    ]);
  });

  test('that is down with no other ready says so beside what the other lacks', () => {
    const stopped = [sampleTarget(1, { code: 'TCP_CONNECT_TIMEOUT' }), sampleTarget(2, { code: 'XMPP_SERVER_SILENT' })];

    expect(judge(stopped).codes).toEqual(['XMPP_STANDBY_SERVICE_STOPPED', 'XMPP_FAILOVER_NOT_POSSIBLE']);
    expect(judge(stopped.slice(0, 1)).codes).toEqual(['XMPP_FAILOVER_NOT_POSSIBLE']);
  });

  test('of several with the best priority is the first that is ready', () => {
    const equal = [sampleTarget(1, { code: 'TCP_CONNECTION_REFUSED' }), sampleTarget(2, { priority: 0 })];

    const { active, codes } = judge(equal);

    expect(active).toBe('edge2.contoso.example:5269');
    expect(codes).toEqual(['XMPP_STANDBY_EQUAL_PRIORITY', 'XMPP_STANDBY_PORT_CLOSED']);
  });

  test('is not known while our own trouble hides one of the best', () => {
    const { failure } = judge([
      sampleTarget(1, { code: 'TCP_CONNECTION_REFUSED' }),
      sampleTarget(2, { priority: 0, code: 'TCP_NO_ROUTE' }),
    ]);

    expect(failure).toMatchObject({ code: 'TCP_NO_ROUTE', fault: 'prober' });
  });

  test('other than the expected one is a warning that does not degrade, whatever the spelling', () => {
    const both = [sampleTarget(1), sampleTarget(2)];

    expect(judge(both, { expectActive: 'EDGE1.contoso.example.' }).codes).toEqual([]);
    expect(judge(both, { expectActive: 'edge2.contoso.example' }).warnings).toEqual([
      {
        code: 'XMPP_ACTIVE_UNEXPECTED',
        message: 'the active target is edge1.contoso.example:5269, expected edge2.contoso.example',
      },
    ]);
    expect(entryOf('XMPP_ACTIVE_UNEXPECTED').degrades).toBe(false);
  });

  test('on another port than expected is a warning', () => {
    expect(judge([sampleTarget(1, { port: 5222 })]).warnings).toEqual([
      {
        code: 'XMPP_ACTIVE_WRONG_PORT',
        message: 'the active target edge1.contoso.example:5222 has port 5222, expected 5269',
      },
    ]);
  });
});

describe('a domain without records', () => {
  const itself = sampleTarget(1, { host: 'contoso.example' });

  test('that has an XMPP server at its own address is a success with a warning', () => {
    const { active, warnings } = judgeRoute(sampleRoute([itself], 'nxdomain'), [itself], nothingExpected);

    expect(active).toBe('contoso.example:5269');
    expect(warnings).toEqual([
      {
        code: 'DNS_XMPP_FALLBACK_USED',
        message:
          'no SRV record _xmpp-server._tcp.contoso.example; partners that try without it reach contoso.example:5269',
      },
    ]);
  });

  test.each([
    ['nxdomain', 'DNS_XMPP_SRV_MISSING', 'it does not exist (NXDOMAIN)'],
    ['nodata', 'DNS_XMPP_SRV_EMPTY', 'the name has no such record (NODATA)'],
  ] as const)('(%s) and without a server is a failure of its own', (missing, code, words) => {
    const down = sampleTarget(1, { host: 'contoso.example', code: 'TCP_CONNECTION_REFUSED' });

    const { failure } = judgeRoute(sampleRoute([down], missing), [down], nothingExpected);

    expect(failure).toMatchObject({
      code,
      error: `SRV record _xmpp-server._tcp.contoso.example: ${words}; the domain's own address is no XMPP server either: contoso.example met TCP_CONNECTION_REFUSED`,
    });
  });
});

describe('a standby that could not take over', () => {
  test.each<[DiagnosisCode, WarningCode, RegExp]>([
    ['DNS_XMPP_TARGET_NOT_FOUND', 'XMPP_STANDBY_ADDRESS_MISSING', /step 4/],
    ['DNS_XMPP_TARGET_NO_ADDRESS', 'XMPP_STANDBY_ADDRESS_MISSING', /step 4/],
    ['DNS_SERVER_FAILURE', 'XMPP_STANDBY_ADDRESS_MISSING', /step 4/],
    ['TCP_CONNECTION_REFUSED', 'XMPP_STANDBY_PORT_CLOSED', /step 6/],
    ['TCP_CONNECT_TIMEOUT', 'XMPP_STANDBY_PORT_CLOSED', /step 6/],
    ['TLS_CERTIFICATE_EXPIRED', 'XMPP_STANDBY_CERTIFICATE_WRONG', /step 1/],
    ['TLS_NAME_MISMATCH', 'XMPP_STANDBY_CERTIFICATE_WRONG', /step 1/],
    ['TLS_HANDSHAKE_FAILED', 'XMPP_STANDBY_TLS_FAILED', /step 1/],
    ['XMPP_SERVER_STARTTLS_REFUSED', 'XMPP_STANDBY_TLS_FAILED', /step 1/],
    ['XMPP_SERVER_SILENT', 'XMPP_STANDBY_SERVICE_STOPPED', /step 7: Start-CsWindowsService/],
    ['XMPP_SERVER_CLOSED', 'XMPP_STANDBY_SERVICE_STOPPED', /step 7: Start-CsWindowsService/],
    [
      'XMPP_SERVER_HOST_UNKNOWN',
      'XMPP_STANDBY_ROUTE_MISSING',
      /step 3: Set-CsSite <site> -XmppExternalFederationRoute/,
    ],
    ['XMPP_SERVER_STARTTLS_MISSING', 'XMPP_STANDBY_STARTTLS_MISSING', /step 1/],
    ['XMPP_SERVER_AUTHENTICATION_MISSING', 'XMPP_STANDBY_AUTHENTICATION_MISSING', /step 1/],
    ['XMPP_SERVER_FEATURES_MISSING', 'XMPP_STANDBY_SERVICE_WRONG', /steps 4 and 5/],
  ])('because of %s is %s, which degrades and names the step', (code, warning, step) => {
    const { active, warnings } = judge([sampleTarget(1), sampleTarget(2, { code })]);

    expect(active).toBe('edge1.contoso.example:5269');
    expect(warnings.map((one) => one.code)).toEqual([warning]);
    expect(warnings[0]?.message).toContain(
      `edge2.contoso.example:5269 could not take over: edge2.contoso.example met ${code}; `,
    );
    expect(warnings[0]?.message).toMatch(step);
    expect(entryOf(warning).degrades).toBe(true);
  });

  test('as far as our own trouble lets us see is not warned of', () => {
    expect(judge([sampleTarget(1), sampleTarget(2, { code: 'TCP_NO_ROUTE' })]).codes).toEqual([]);
  });

  test('is told of every lack at once: port, priority and address', () => {
    const copied = sampleTarget(2, { port: 5061, priority: 0, address: '192.0.2.1' });

    expect(judge([sampleTarget(1), copied]).warnings).toEqual([
      {
        code: 'XMPP_STANDBY_WRONG_PORT',
        message: 'edge2.contoso.example:5061 has port 5061, expected 5269; step 5: correct its SRV record',
      },
      {
        code: 'XMPP_STANDBY_EQUAL_PRIORITY',
        message:
          'edge2.contoso.example:5061 has priority 0, as has edge1.contoso.example; step 5: give each SRV record a priority of its own',
      },
      {
        code: 'XMPP_STANDBY_SAME_ADDRESS',
        message:
          'edge2.contoso.example:5061 has the address 192.0.2.1 of edge1.contoso.example; step 4: let its A record lead to the standby pool',
      },
    ]);
  });

  test('because it leads to the pool that is down is not called ready for that', () => {
    const down = { code: 'TCP_CONNECTION_REFUSED', address: '192.0.2.1' } as const;

    expect(judge([sampleTarget(1, down), sampleTarget(2, down)]).codes).toEqual([
      'XMPP_STANDBY_SAME_ADDRESS',
      'XMPP_STANDBY_PORT_CLOSED',
      'XMPP_FAILOVER_NOT_POSSIBLE',
    ]);
  });
});
