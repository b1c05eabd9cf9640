import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { type CertificatePlan, generalizedTime } from '../plan/certificates.js';
import { fillTemplate } from '../plan/template.js';
import { runTool } from './runTool.js';

const dayMs = 86_400_000;
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Makes `<folder>/<name>.crt` and `.key`, and the authority that signs it, unless they are there. */
export async function makeCertificate(
  folder: string,
  name: string,
  plan: CertificatePlan,
  configTemplate: string,
): Promise<void> {
  if (existsSync(`${folder}/${name}.crt`)) return;
  await makeAuthority(folder, plan.authority);
  const { subjectAltName, authority } = plan;
  const path = `${folder}/${name}`;
  writeFileSync(`${path}.cnf`, fillTemplate(configTemplate, { folder, authority, subjectAltName }));
  await runTool('openssl', [
    'req',
    '-new',
    ...newKey,
    '-keyout',
    `${path}.key`,
    '-out',
    `${path}.csr`,
    '-subj',
    `/CN=${plan.commonName}`,
  ]);
  const at = (days: number) => generalizedTime(Date.now() + days * dayMs);
  await runTool('openssl', [
    ...['ca', '-batch', '-notext', '-config', `${path}.cnf`, '-in', `${path}.csr`, '-out', `${path}.new`],
    ...['-startdate', at(plan.notBeforeDays), '-enddate', at(plan.notAfterDays)],
  ]);
  // Renamed last, so that a certificate that exists is a whole one.
  renameSync(`${path}.new`, `${path}.crt`);
}

async function makeAuthority(folder: string, name: CertificatePlan['authority']): Promise<void> {
  const path = `${folder}/${name}`;
  if (existsSync(`${path}.crt`)) return;
  mkdirSync(`${folder}/issued`, { recursive: true });
  writeFileSync(`${path}.index`, '');
  const subject = name === 'ca' ? '/CN=Rig test CA' : '/CN=An authority nobody trusts';
  await runTool('openssl', [
    ...['req', '-x509', ...newKey, '-days', '365', '-keyout', `${path}.key`, '-out', `${path}.new`, '-subj', subject],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ]);
  renameSync(`${path}.new`, `${path}.crt`);
}
