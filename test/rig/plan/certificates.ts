import { type RigPlan, sipDomain, xmppDomain } from './rigPlan.js';
import type { HolderName } from './services.js';

/** `soon` ends in 5 days; `wrongname` is for another host; `untrusted` is signed by an authority nobody was told of. */
export const certificateKinds = ['good', 'soon', 'expired', 'wrongname', 'untrusted'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

export interface CertificatePlan {
  readonly commonName: string;
  readonly subjectAltName: string;
  readonly authority: 'ca' | 'other-ca';
  /** Days from now; negative is in the past. */
  readonly notBeforeDays: number;
  readonly notAfterDays: number;
}

/** Each kind differs from `good` in the one thing it is named after. */
export function certificatePlan(plan: RigPlan, holder: HolderName, kind: CertificateKind): CertificatePlan {
  const good: CertificatePlan = {
    commonName: holder === 'partner' ? `xmpp.${xmppDomain}` : `sip.${sipDomain}`,
    subjectAltName: [...hostNames(holder).map((name) => `DNS:${name}`), `IP:${plan.addresses[holder]}`].join(','),
    authority: 'ca',
    notBeforeDays: -1,
    notAfterDays: 90,
  };
  switch (kind) {
    case 'good':
      return good;
    case 'soon':
      return { ...good, notAfterDays: 5 };
    case 'expired':
      return { ...good, notBeforeDays: -40, notAfterDays: -1 };
    case 'wrongname':
      return { ...good, commonName: 'wrong.example.test', subjectAltName: 'DNS:wrong.example.test' };
    case 'untrusted':
      return { ...good, authority: 'other-ca' };
  }
}

/** `YYYYMMDDhhmmssZ`, as OpenSSL takes it (RFC 5280 section 4.1.2.5.2). */
export function generalizedTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, '');
}

function hostNames(holder: HolderName): readonly string[] {
  return holder === 'partner'
    ? [`xmpp.${xmppDomain}`, xmppDomain, `rooms.${xmppDomain}`]
    : [`sip.${sipDomain}`, `${holder}.${sipDomain}`, sipDomain, `turn.${sipDomain}`];
}
