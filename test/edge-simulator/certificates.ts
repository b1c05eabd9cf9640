import { randomBytes, webcrypto } from 'node:crypto';
import type * as X509 from '@peculiar/x509';
import { type Clock, systemClock } from '../../shared/domain/clock.js';
import { type CertificateKind, subjectNamesOf, type Validity, validityOf } from './certificates/leaf.js';
import { ensureReflectMetadata } from './certificates/reflectMetadata.js';

/** A throw-away certificate authority: made in memory, trusted by nobody who is not handed `ca`. */
export interface Authority {
  /** The authority's own certificate, PEM. */
  readonly ca: string;
  /** A leaf certificate for `names` (DNS names and IP addresses), fit for servers and clients. */
  issue(request: LeafRequest): Promise<Leaf>;
}

export interface LeafRequest {
  /** At least one; the first is also the subject's common name. */
  readonly names: readonly string[];
  /** `good` unless it says otherwise. */
  readonly kind?: CertificateKind;
}

/** All PEM; `ca` is the authority that was asked, which `untrusted` and `self-signed` leaves do not chain to. */
export interface Leaf {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

interface Issuer {
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly certificate: X509.X509Certificate;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const year = 365 * 24 * 3_600_000;

/** A fresh authority with an ECDSA P-256 key; every call makes another that does not know the first. */
export async function makeAuthority(clock: Clock = systemClock): Promise<Authority> {
  ensureReflectMetadata();
  // Loaded here and not above: the library refuses to load before its polyfill is in place.
  const x509 = await import('@peculiar/x509');
  const [issuer, stranger] = await Promise.all([makeIssuer(x509, clock.now()), makeIssuer(x509, clock.now())]);
  const ca = issuer.certificate.toString('pem');
  return {
    ca,
    async issue(request) {
      const signer = request.kind === 'untrusted' ? stranger : issuer;
      return { ...(await makeLeaf(x509, signer, request, clock.now())), ca };
    },
  };
}

async function makeIssuer(x509: typeof X509, nowMs: number): Promise<Issuer> {
  const keys = await makeKeys();
  // The serial number in the name keeps two authorities apart where both are trusted.
  const serialNumber = makeSerialNumber();
  const name = `CN=Throw-away CA ${serialNumber.slice(0, 8)}`;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber,
    name,
    ...dates({ notBefore: nowMs - year, notAfter: nowMs + 10 * year }),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { name, keys, certificate };
}

async function makeLeaf(x509: typeof X509, issuer: Issuer, request: LeafRequest, nowMs: number) {
  const kind = request.kind ?? 'good';
  const names = subjectNamesOf(kind, request.names);
  const [first] = names;
  if (first === undefined) throw new Error('names: a certificate needs at least one DNS name or IP address');
  const keys = await makeKeys();
  const subject = `CN=${first.value}`;
  const selfSigned = kind === 'self-signed';
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: makeSerialNumber(),
    subject,
    issuer: selfSigned ? subject : issuer.name,
    ...dates(validityOf(kind, nowMs)),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: selfSigned ? keys.privateKey : issuer.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((name) => ({ ...name }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(selfSigned ? keys.publicKey : issuer.keys.publicKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: x509.PemConverter.encode(key, 'PRIVATE KEY'), cert: certificate.toString('pem') };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}

/** Sixteen random bytes as hexadecimal, positive and never with a leading zero byte (RFC 5280 section 4.1.2.2). */
function makeSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function dates(validity: Validity): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(validity.notBefore), notAfter: new Date(validity.notAfter) };
}
