import { describe, expect, test } from 'vitest';
import { readCertificate } from '../../../../shared/protocols/net/certificate.js';

const now = Date.parse('2026-11-20T23:15:00Z');
const peer = {
  subject: { CN: 'sip.contoso.example', O: 'Contoso' },
  issuer: { CN: 'Contoso Issuing CA' },
  subjectaltname: 'DNS:sip.contoso.example, DNS:contoso.example, IP Address:192.0.2.10',
  valid_from: 'Nov  1 00:00:00 2026 GMT',
  valid_to: 'Dec 31 23:59:59 2026 GMT',
};

describe('a certificate', () => {
  test('is told by its names, its issuer and its time', () => {
    expect(readCertificate('sip.contoso.example', peer, now)).toEqual({
      host: 'sip.contoso.example',
      subject: 'sip.contoso.example',
      issuer: 'Contoso Issuing CA',
      names: ['DNS:sip.contoso.example', 'DNS:contoso.example', 'IP Address:192.0.2.10'],
      notBefore: '2026-11-01T00:00:00.000Z',
      notAfter: '2026-12-31T23:59:59.000Z',
      daysLeft: 41,
    });
  });

  test('that has expired has less than no day left', () => {
    const expired = { ...peer, valid_to: 'Nov 20 23:14:59 2026 GMT' };

    expect(readCertificate('h', expired, now)?.daysLeft).toBe(-1);
  });

  test('with several common names is known by the first, without one by its organisation, else by nothing', () => {
    const subjects = [{ CN: ['one', 'two'] }, { O: 'Contoso' }, { CN: '' }, undefined].map(
      (subject) => readCertificate('h', { ...peer, ...(subject ? { subject } : { subject: {} }) }, now)?.subject,
    );

    expect(subjects).toEqual(['one', 'Contoso', '', '']);
  });

  test('cannot bring control characters or more names than fit', () => {
    const hostile = {
      ...peer,
      subject: { CN: '\u001b[31mred\u0000' },
      issuer: { CN: 'x'.repeat(5_000) },
      subjectaltname: Array.from({ length: 300 }, (_, index) => `DNS:${index}.example`).join(', '),
    };

    const facts = readCertificate('h', hostile, now);

    expect(facts?.subject).toBe('[31mred');
    expect(facts?.issuer).toHaveLength(200);
    expect(facts?.names).toHaveLength(50);
  });

  test.each([{}, { valid_from: 'soon', valid_to: 'later' }])('is none where the peer showed none (%j)', (shown) => {
    expect(readCertificate('h', shown, now)).toBeUndefined();
  });
});
