import { isIP } from 'node:net';

/** An IP address with a port. */
export interface TransportAddress {
  readonly address: string;
  readonly port: number;
}

/** How far an address is reached from: only a `public` one from the whole internet. */
export type AddressScope = 'public' | 'private' | 'loopback' | 'unusable';

/** `192.0.2.10:3478`, `[2001:db8::1]:3478` */
export function addressText({ address, port }: TransportAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** For sorting addresses by how likely they are reached: Azure has no IPv6. */
export function ipv4First(one: string, other: string): number {
  return Number(one.includes(':')) - Number(other.includes(':'));
}

/** Are these the same address and port, whatever the spelling? */
export function sameAddress(one: TransportAddress, other: TransportAddress): boolean {
  return one.port === other.port && addressBytes(one.address).equals(addressBytes(other.address));
}

/** The scope of an address by the special-purpose registries (RFC 6890); `unusable` can be nobody's (0.0.0.0, multicast). */
export function addressScope(address: string): AddressScope {
  const bytes = addressBytes(address);
  return bytes.length === 4 ? scopeOfIpv4(bytes) : scopeOfIpv6(bytes);
}

const ranks: Readonly<Record<AddressScope, number>> = { unusable: 0, loopback: 1, private: 2, public: 3 };

/** Is `address` reached from as far away as `other`? */
export function isAsPublicAs(address: string, other: string): boolean {
  return ranks[addressScope(address)] >= ranks[addressScope(other)];
}

function scopeOfIpv4(bytes: Buffer): AddressScope {
  const [a = 0, b = 0] = bytes;
  if (a === 0 || a >= 224) return 'unusable';
  if (a === 127) return 'loopback';
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    // RFC 6598: carrier-grade NAT.
    (a === 100 && b >= 64 && b <= 127);
  return isPrivate ? 'private' : 'public';
}

function scopeOfIpv6(bytes: Buffer): AddressScope {
  const [a = 0, b = 0] = bytes;
  const low = bytes.subarray(0, 15);
  if (low.every((byte) => byte === 0)) return bytes[15] === 1 ? 'loopback' : 'unusable';
  if (bytes.length !== 16 || a === 0xff) return 'unusable';
  const isPrivate = (a & 0xfe) === 0xfc || (a === 0xfe && (b & 0xc0) === 0x80);
  return isPrivate ? 'private' : 'public';
}

/** 4 or 16 bytes in network order; an IPv4-mapped IPv6 address as the IPv4 one. Empty for what is no address. */
export function addressBytes(text: string): Buffer {
  const plain = text.replace(/%.*$/, '');
  if (isIP(plain) === 4) return Buffer.from(plain.split('.').map(Number));
  if (isIP(plain) !== 6) return Buffer.alloc(0);
  const words = ipv6Words(plain);
  const bytes = Buffer.from(words.flatMap((word) => [word >> 8, word & 0xff]));
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
  return isMapped ? bytes.subarray(12) : bytes;
}

function ipv6Words(text: string): number[] {
  const hex = text.replace(/\d+\.\d+\.\d+\.\d+$/, (ipv4) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = hex.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const [front, back] = [words(head), words(tail ?? '')];
  return [...front, ...Array(8 - front.length - back.length).fill(0), ...back];
}

/** The text of 4 or 16 bytes: dotted, or IPv6 with its longest run of zeros left out (RFC 5952). */
export function addressOfBytes(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  const runs = [...words.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)].toSorted(
    (one, other) => other[0].length - one[0].length,
  );
  const [longest] = runs;
  if (!longest) return words.join(':');
  const text = words.join(':');
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
