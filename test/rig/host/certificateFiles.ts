import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type CertificateKind, certificatePlan } from '../plan/certificates.js';
import type { RigPlan } from '../plan/rigPlan.js';
import { type HolderName, holderOf } from '../plan/services.js';
import { makeCertificate } from './openssl.js';

/** Which kind of certificate each holder shows. */
export function shownKinds({ files }: RigPlan): Readonly<Record<HolderName, CertificateKind>> {
  if (existsSync(files.shown)) return JSON.parse(readFileSync(files.shown, 'utf8'));
  return { edge1: 'good', edge2: 'good', partner: 'good' };
}

/** Notes that `holder` is to show `kind` from the next `configure` on. */
export function showKind(plan: RigPlan, holder: HolderName, kind: CertificateKind): void {
  writeFileSync(plan.files.shown, JSON.stringify({ ...shownKinds(plan), [holder]: kind }));
}

/** Makes what is missing, one after the other: `openssl ca` keeps an index of what it signed. */
export async function makeCertificates(plan: RigPlan, templates: string): Promise<void> {
  const template = readFileSync(`${templates}/openssl-ca.cnf.in`, 'utf8');
  const served = plan.settings.services.flatMap((service) => holderOf(service) ?? []);
  // The partner's certificate is also the one that a federated SIP client shows.
  for (const holder of new Set([...served, 'partner' as const])) {
    for (const kind of new Set(['good' as const, shownKinds(plan)[holder]])) {
      await makeCertificate(plan.files.pki, `${holder}-${kind}`, certificatePlan(plan, holder, kind), template);
    }
  }
}
