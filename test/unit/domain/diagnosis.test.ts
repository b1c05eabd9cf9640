import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../shared/domain/diagnoses/catalogue.js';
import { diagnosis, entryOf, fail, ProbeError } from '../../../shared/domain/diagnosis.js';

describe('diagnosis', () => {
  test('joins the facts of a run with what the catalogue knows of the code', () => {
    const found = diagnosis('TCP_NO_ROUTE', { error: 'no TCP connection to 192.0.2.10:443' });

    expect(found).toEqual({
      code: 'TCP_NO_ROUTE',
      layer: 'tcp',
      fault: 'prober',
      error: 'no TCP connection to 192.0.2.10:443',
      causes: catalogue.TCP_NO_ROUTE.causes,
      next: catalogue.TCP_NO_ROUTE.next,
    });
    expect(entryOf('TCP_NO_ROUTE')).toBe(catalogue.TCP_NO_ROUTE);
  });

  test('takes control and bidirectional characters out of what a server said', () => {
    const found = diagnosis('SIP_REQUEST_FORBIDDEN', {
      error: 'server answered 403\u202Eneddibrof\r\nX: y',
      serverDiagnosis: '\u001B[31m4003\u0007;\u0085reason="\u2066no\u2069\u0000"\u2028',
    });

    expect(found.error).toBe('server answered 403 neddibrof X: y');
    expect(found.serverDiagnosis).toBe('[31m4003 ; reason=" no "');
  });

  test('bounds what a server said to 1000 characters', () => {
    const found = diagnosis('SIP_REQUEST_FORBIDDEN', {
      error: 'e'.repeat(5000),
      serverDiagnosis: 's'.repeat(1_000_000),
    });

    expect(found.error).toBe(`${'e'.repeat(999)}…`);
    expect(found.serverDiagnosis).toBe(`${'s'.repeat(999)}…`);
  });

  test.each([undefined, '', ' \r\n\u0000'])('has no serverDiagnosis when the server said %j', (serverDiagnosis) => {
    expect(diagnosis('SIP_REQUEST_FORBIDDEN', { error: 'e', serverDiagnosis })).not.toHaveProperty('serverDiagnosis');
  });
});

describe('fail', () => {
  test('throws the diagnosis with its cause', () => {
    const cause = new Error('reset');
    const thrown = catchFrom(() => fail('SIP_CONNECTION_LOST', { error: 'closed before an answer' }, cause));

    expect(thrown).toBeInstanceOf(ProbeError);
    expect(thrown).toMatchObject({
      name: 'ProbeError',
      message: 'SIP_CONNECTION_LOST: closed before an answer',
      cause,
      diagnosis: { code: 'SIP_CONNECTION_LOST' },
    });
  });

  test('throws without a cause where there is none', () => {
    expect(catchFrom(() => fail('DNS_NO_ADDRESS', { error: 'none' }))).not.toHaveProperty('cause');
  });
});

function catchFrom(action: () => never): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
