import * as tls from 'node:tls';

/** Which authorities and versions a TLS client accepts. */
export interface TlsPolicy {
  /** PEM text of authorities trusted besides the system's. */
  readonly ca: string | undefined;
  readonly minVersion: tls.SecureVersion;
  /** A certificate with fewer days left earns a warning. */
  readonly warnDays: number;
}

/** A certificate of our own with its private key, both PEM text, for servers that ask for one. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
  /** The name that it stands for. */
  readonly host: string;
}

/**
 * A context for `policy`, to be made once and shared: loading the root certificates takes some 10 ms. Throws where
 * `identity` cannot be used.
 */
export function secureContext(policy: TlsPolicy, identity?: ClientIdentity): tls.SecureContext {
  const old = policy.minVersion === 'TLSv1' || policy.minVersion === 'TLSv1.1';
  return tls.createSecureContext({
    minVersion: policy.minVersion,
    ...(identity === undefined ? {} : { cert: identity.cert, key: identity.key }),
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
