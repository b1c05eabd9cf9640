import * as tls from 'node:tls';

/** Which authorities and versions a TLS client accepts. */
export interface TlsPolicy {
  /** PEM text of authorities trusted besides the system's. */
  readonly ca: string | undefined;
  readonly minVersion: tls.SecureVersion;
  /** A certificate with fewer days left earns a warning. */
  readonly warnDays: number;
}

/** A context for `policy`, to be made once and shared: loading the root certificates takes some 10 ms. */
export function secureContext(policy: TlsPolicy): tls.SecureContext {
  const old = policy.minVersion === 'TLSv1' || policy.minVersion === 'TLSv1.1';
  return tls.createSecureContext({
    minVersion: policy.minVersion,
    ...(policy.ca === undefined ? {} : { ca: [...systemRoots(), policy.ca] }),
    // OpenSSL 3 speaks TLS below 1.2 at security level 0 only.
    ...(old ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  });
}

/** Node 22.15 and later tell the default authorities, NODE_EXTRA_CA_CERTS included; before, only the bundled ones. */
function systemRoots(): readonly string[] {
  return 'getCACertificates' in tls && typeof tls.getCACertificates === 'function'
    ? tls.getCACertificates('default')
    : tls.rootCertificates;
}
