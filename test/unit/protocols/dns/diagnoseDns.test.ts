import { describe, expect, test } from 'vitest';
import { type DnsFailure, fromDnsError } from '../../../../shared/protocols/dns/answer.js';
import { diagnoseDns } from '../../../../shared/protocols/dns/diagnoseDns.js';

function dnsError(code: string): Error {
  return Object.assign(new Error(`queryA ${code} sip.contoso.example`), { code });
}

describe('an error of the resolver', () => {
  test.each([
    ['ENOTFOUND', 'nxdomain'],
    ['ENODATA', 'nodata'],
    ['ESERVFAIL', 'servfail'],
    ['EREFUSED', 'refused'],
    ['ENOTIMP', 'refused'],
    ['ETIMEOUT', 'timeout'],
    ['ECANCELLED', 'timeout'],
    ['ECONNREFUSED', 'unreachable'],
    ['EBADRESP', 'malformed'],
    ['EFORMERR', 'malformed'],
  ])('%s is read as %s', (code, kind) => {
    expect(fromDnsError(dnsError(code), 4_000).kind).toBe(kind);
  });

  test('without a code is an answer that could not be read', () => {
    expect(fromDnsError(new Error('odd'), 4_000)).toMatchObject({ kind: 'malformed' });
    expect(fromDnsError('odd', 4_000)).toEqual({ kind: 'malformed', cause: 'odd' });
  });

  test('that is a time-out keeps the limit', () => {
    expect(fromDnsError(dnsError('ETIMEOUT'), 4_000)).toEqual({ kind: 'timeout', limitMs: 4_000 });
  });
});

describe('a question without an answer', () => {
  const question = 'address of sip.contoso.example';

  test.each<[DnsFailure, string, 'target' | 'prober', string]>([
    [{ kind: 'nxdomain' }, 'DNS_NAME_NOT_FOUND', 'target', 'the name does not exist (NXDOMAIN)'],
    [{ kind: 'nodata' }, 'DNS_NO_ADDRESS', 'target', 'the name exists but has no such record (NODATA)'],
    [{ kind: 'servfail' }, 'DNS_SERVER_FAILURE', 'target', 'the DNS server failed (SERVFAIL)'],
    [{ kind: 'refused' }, 'DNS_QUERY_REFUSED', 'target', 'the DNS server refused to answer (REFUSED)'],
    [
      { kind: 'malformed', cause: dnsError('EBADRESP') },
      'DNS_RESPONSE_MALFORMED',
      'target',
      'the answer could not be read (queryA EBADRESP sip.contoso.example)',
    ],
    [{ kind: 'timeout', limitMs: 4_000 }, 'DNS_RESOLVER_TIMEOUT', 'prober', 'no answer within 4000 ms'],
    [
      { kind: 'unreachable', cause: dnsError('ECONNREFUSED') },
      'DNS_RESOLVER_UNREACHABLE',
      'prober',
      'the resolver cannot be reached (queryA ECONNREFUSED sip.contoso.example)',
    ],
  ])('has its own code: %j', (failure, code, fault, words) => {
    expect(diagnoseDns(question, failure)).toMatchObject({ code, fault, layer: 'dns', error: `${question}: ${words}` });
  });
});
