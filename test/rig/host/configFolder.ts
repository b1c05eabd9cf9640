import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Endpoints } from '../plan/endpoints.js';
import { clientCertificate, probesConfig } from '../plan/probesConfig.js';

/** Writes certificates, probes.json and, last, secrets.env: once that is there, all are there and whole. */
export function writeConfigFolder(folder: string, endpoints: Endpoints): void {
  const { probes, secrets } = probesConfig(endpoints);
  mkdirSync(folder, { recursive: true });
  replaceFile(`${folder}/ca.pem`, readFileSync(endpoints.ca, 'utf8'), 0o644);
  const { certificate, key } = endpoints.clientCertificate;
  replaceFile(`${folder}/${clientCertificate.certFile}`, readFileSync(certificate, 'utf8'), 0o644);
  replaceFile(`${folder}/${clientCertificate.keyFile}`, readFileSync(key, 'utf8'), 0o600);
  replaceFile(`${folder}/probes.json`, probes, 0o644);
  replaceFile(`${folder}/secrets.env`, secrets, 0o600);
}

function replaceFile(path: string, text: string, mode: number): void {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(fresh, text, { mode, flag: 'wx' });
  renameSync(fresh, path);
}
