import { describe, expect, test } from 'vitest';
import { certificateKinds, certificatePlan, generalizedTime } from '../../rig/plan/certificates.js';
import { planOf } from '../../rig/plan/rigPlan.js';
import { settle } from '../../rig/plan/settings.js';

const plan = planOf(settle({ net: '127.0.31' }, '/tmp/rig'));
const good = certificatePlan(plan, 'edge1', 'good');

describe('a certificate', () => {
  test('of an Edge is good for every name that the Edge goes by', () => {
    expect(good).toEqual({
      commonName: 'sip.contoso.test',
      subjectAltName:
        'DNS:sip.contoso.test,DNS:edge1.contoso.test,DNS:contoso.test,DNS:turn.contoso.test,IP:127.0.31.11',
      authority: 'ca',
      notBeforeDays: -1,
      notAfterDays: 90,
    });
  });

  test('of the partner is good for its domain and its rooms', () => {
    expect(certificatePlan(plan, 'partner', 'good').subjectAltName).toBe(
      'DNS:xmpp.partner.test,DNS:partner.test,DNS:rooms.partner.test,IP:127.0.31.21',
    );
  });

  test('that is bad differs from the good one only in what it is named after', () => {
    const differences = certificateKinds.map((kind) => {
      const other = certificatePlan(plan, 'edge1', kind);
      return Object.entries(other).filter(([name, value]) => good[name as keyof typeof good] !== value);
    });

    expect(differences).toEqual([
      [],
      [['notAfterDays', 5]],
      [
        ['notBeforeDays', -40],
        ['notAfterDays', -1],
      ],
      [
        ['commonName', 'wrong.example.test'],
        ['subjectAltName', 'DNS:wrong.example.test'],
      ],
      [['authority', 'other-ca']],
    ]);
  });

  test('has its dates written without fractions of a second', () => {
    expect(generalizedTime(Date.UTC(2026, 10, 20, 23, 15, 1, 234))).toBe('20261120231501Z');
  });
});
