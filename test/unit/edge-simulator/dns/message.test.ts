import { describe, expect, test } from 'vitest';
import { readQuery, writeResponse } from '../../../edge-simulator/dns/message.js';
import { addressRecord, serviceRecord } from '../../../edge-simulator/dns/records.js';

// `dig +noedns SRV _sip._tls.a.test`, as RFC 1035 section 4.1 draws it.
const query = Buffer.from('abcd01000001000000000000045f736970045f746c73016104746573740000210001', 'hex');

describe('a query', () => {
  test('is read with its name, its type and the question to be repeated', () => {
    expect(readQuery(query)).toEqual({
      id: 0xabcd,
      name: '_sip._tls.a.test',
      type: 'SRV',
      question: query.subarray(12),
    });
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a header alone', query.subarray(0, 12)],
    ['a name that is cut off', query.subarray(0, 20)],
    ['a question without type and class', query.subarray(0, 30)],
    ['a response', Buffer.concat([Buffer.from('abcd8180', 'hex'), query.subarray(4)])],
    ['two questions', Buffer.concat([Buffer.from('abcd01000002', 'hex'), query.subarray(6)])],
    ['a pointer in the place of a name', Buffer.from('abcd01000001000000000000c00c00010001', 'hex')],
    ['noise', Buffer.alloc(600, 1)],
  ])('that is %s is none', (_, bytes) => {
    expect(readQuery(bytes)).toBeUndefined();
  });
});

describe('a response', () => {
  const asked = readQuery(query);
  if (asked === undefined) throw new Error('the query cannot be read');
  const hex = (...rest: Parameters<typeof writeResponse> extends [unknown, ...infer Rest] ? Rest : never) =>
    writeResponse(asked, ...rest).toString('hex');
  const question = query.subarray(12).toString('hex');

  test('with an SRV record is what RFC 2782 draws', () => {
    const records = [serviceRecord('_sip._tls.a.test', 'b.test', 443, 10)];

    expect(hex({ kind: 'records', records })).toBe(
      `abcd85800001000100000000${question}045f736970045f746c730161047465737400002100010000000500${'0e'}000a000001bb0162047465737400`,
    );
  });

  test('with an IPv6 address has all sixteen bytes of it, and the target "." is the root', () => {
    const ipv6 = hex({ kind: 'records', records: [addressRecord('a.test', '2001:db8::1')] });
    const none = hex({ kind: 'records', records: [serviceRecord('_sip._tls.a.test', '.', 0)] });

    expect(ipv6.endsWith('001c0001000000050010' + '20010db8000000000000000000000001')).toBe(true);
    expect(none.endsWith('0021000100000005000700000000000000')).toBe(true);
  });

  test('says by its code why it has no record, and that it is truncated', () => {
    expect(hex({ kind: 'nodata' })).toBe(`abcd85800001000000000000${question}`);
    expect(hex({ kind: 'servfail' })).toBe(`abcd85820001000000000000${question}`);
    expect(hex({ kind: 'nxdomain' })).toBe(`abcd85830001000000000000${question}`);
    expect(hex({ kind: 'refused' })).toBe(`abcd85850001000000000000${question}`);
    const records = [addressRecord('a.test', '127.0.0.1')];
    expect(hex({ kind: 'records', records }, true)).toBe(`abcd87800001000000000000${question}`);
  });
});
