import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import { fail } from '../../domain/diagnosis.js';
import { type ClientIdentity, secureContext, type TlsPolicy } from './trust.js';

/** Absolute paths of PEM files. */
export interface ClientCertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Reads a client certificate at every run, so that a renewed one counts without a restart. Throws a `ProbeError` of layer
 * `config` that names the file.
 */
export function readClientIdentity({ certFile, keyFile }: ClientCertificateFiles): ClientIdentity {
  const [cert, key] = [readText('certFile', certFile), readText('keyFile', keyFile)];
  try {
    return { cert, key, host: hostOf(new X509Certificate(cert)) };
  } catch (cause) {
    return unusable(`certFile ${certFile} cannot be read as a certificate`, cause);
  }
}

/** A context that shows `identity`. Throws a `ProbeError` where certificate and key do not belong together. */
export function identityContext(policy: TlsPolicy, identity: ClientIdentity): SecureContext {
  try {
    return secureContext(policy, identity);
  } catch (cause) {
    return unusable('certFile and keyFile cannot be used together', cause);
  }
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    return unusable(`${name} ${path} cannot be read`, cause);
  }
}

function unusable(what: string, cause: unknown): never {
  return fail('CONFIG_CLIENT_CERTIFICATE_UNUSABLE', { error: `clientCertificate: ${what}` }, cause);
}

/** The first DNS name that it bears; a wildcard stands for no host (RFC 5922 section 7.2). */
function hostOf(certificate: X509Certificate): string {
  const names = certificate.subjectAltName?.split(', ') ?? [];
  const hosts = names.flatMap((name) => /^DNS:((?:[a-z0-9-]+\.)+[a-z0-9-]+)$/i.exec(name)?.[1] ?? []);
  return hosts[0] ?? 'anonymous.invalid';
}
