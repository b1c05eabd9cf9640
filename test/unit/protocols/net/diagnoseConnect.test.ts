import { describe, expect, test } from 'vitest';
import type { FailedAttempt } from '../../../../shared/protocols/net/connectFirst.js';
import {
  describe as describeAttempt,
  diagnoseConnect,
  hostPort,
  isOurs,
} from '../../../../shared/protocols/net/diagnoseConnect.js';

function attempt(address: string, code: string): FailedAttempt {
  return { host: 'sip.contoso.example', address, port: 5061, server: 0, code, cause: undefined };
}

describe('the diagnosis of a connection that failed', () => {
  test.each([
    ['ECONNREFUSED', 'TCP_CONNECTION_REFUSED', 'target', 'connection refused'],
    ['ECONNRESET', 'TCP_CONNECTION_REFUSED', 'target', 'connection refused'],
    ['TIMEOUT', 'TCP_CONNECT_TIMEOUT', 'target', 'no answer within 5000 ms'],
    ['ETIMEDOUT', 'TCP_CONNECT_TIMEOUT', 'target', 'no answer'],
    ['EHOSTUNREACH', 'TCP_HOST_UNREACHABLE', 'target', 'host unreachable'],
    ['ENETUNREACH', 'TCP_NO_ROUTE', 'prober', 'no route from here'],
    ['EACCES', 'TCP_NO_ROUTE', 'prober', 'no route from here'],
    ['EMFILE', 'PROBER_SOCKETS_EXHAUSTED', 'prober', 'no socket left here'],
    ['EPROTO', 'TCP_CONNECT_FAILED', 'target', 'EPROTO'],
  ])('%s is %s', (code, expected, fault, words) => {
    expect(diagnoseConnect([attempt('192.0.2.10', code)], 5_000)).toMatchObject({
      code: expected,
      fault,
      error: `no TCP connection to 192.0.2.10:5061 (${words})`,
    });
  });

  test('names every address of both families with what became of it', () => {
    const failed = [
      attempt('2001:db8::10', 'ENETUNREACH'),
      attempt('192.0.2.10', 'TIMEOUT'),
      attempt('192.0.2.11', 'NOT_TRIED'),
    ];

    expect(diagnoseConnect(failed, 5_000)).toMatchObject({
      code: 'TCP_CONNECT_TIMEOUT',
      error:
        'no TCP connection to [2001:db8::10]:5061 (no route from here); 192.0.2.10:5061 (no answer within 5000 ms); 192.0.2.11:5061 (not tried, time was up)',
    });
  });

  test('blames a server that refused rather than one that was silent', () => {
    const failed = [attempt('192.0.2.10', 'TIMEOUT'), attempt('192.0.2.11', 'ECONNREFUSED')];

    expect(diagnoseConnect(failed, 5_000).code).toBe('TCP_CONNECTION_REFUSED');
  });

  test('is ours only where no address had a route', () => {
    const none = [attempt('2001:db8::10', 'ENETUNREACH'), attempt('192.0.2.10', 'ENETUNREACH')];
    const odd = [attempt('2001:db8::10', 'ENETUNREACH'), attempt('192.0.2.10', 'EPROTO')];

    expect(diagnoseConnect(none, 5_000)).toMatchObject({ code: 'TCP_NO_ROUTE', fault: 'prober' });
    expect(diagnoseConnect(odd, 5_000)).toMatchObject({ code: 'TCP_CONNECT_FAILED', fault: 'target' });
  });

  test('is ours where we had no socket left for one of them', () => {
    const failed = [attempt('192.0.2.10', 'ECONNREFUSED'), attempt('192.0.2.11', 'EMFILE')];

    expect(diagnoseConnect(failed, 5_000)).toMatchObject({ code: 'PROBER_SOCKETS_EXHAUSTED', fault: 'prober' });
  });
});

test('an attempt is our own lack where we had no route or no socket', () => {
  const ours = ['ENETUNREACH', 'EPERM', 'ENFILE', 'ECONNREFUSED', 'TIMEOUT'].filter((code) =>
    isOurs(attempt('a', code)),
  );

  expect(ours).toEqual(['ENETUNREACH', 'EPERM', 'ENFILE']);
});

test('an address is written as in a URI, an unknown error by its own name', () => {
  expect(hostPort({ address: '2001:db8::1', port: 443 })).toBe('[2001:db8::1]:443');
  expect(hostPort({ address: '192.0.2.1', port: 443 })).toBe('192.0.2.1:443');
  expect(describeAttempt(attempt('192.0.2.1', 'EPROTO'), 5_000)).toBe('192.0.2.1:5061 (EPROTO)');
});
