import { createHash, createHmac } from 'node:crypto';
import md4 from 'js-md4';

/** MD4 (RFC 1320): OpenSSL 3 no longer offers it, and the package's short form would call OpenSSL. */
export function md4Of(bytes: Buffer): Buffer {
  return Buffer.from(md4.create().update(bytes).array());
}

/** MD5 over all parts, one after another. */
export function md5Of(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** HMAC-MD5 (RFC 2104) over all parts, one after another. */
export function hmacMd5(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  const hmac = createHmac('md5', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
