import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { XmppService } from './settings.js';

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** A DNS name in ASCII without a final dot; `10.0.0.256` is none, because no top-level domain is a number. */
export function isHostName(text: string): boolean {
  if (text.length > 253) return false;
  const labels = text.split('.');
  return labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** A DNS name or an IP address, IPv6 without brackets or zone. */
export function isHost(text: string): boolean {
  return isAddress(text) || isHostName(text);
}

/** An IP address without a zone. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

/** An address of this machine. A name does not count: a DNS server may send `localhost` anywhere. */
export function isLoopback(text: string): boolean {
  if (isIPv4(text)) return text.startsWith('127.');
  return isIPv6(text) && /^(?:::1|::ffff:127(?:\.\d+){3})$/i.test(text);
}

/** RFC 3261 section 25.1, the part that an address-of-record needs: `sip:user@domain`, no port, no parameters. */
export function isSipAddress(text: string): boolean {
  const [, domain] = /^sip:(?:[a-z0-9._~!*'()&=+$,-]|%[0-9a-f]{2}){1,128}@([^@]+)$/i.exec(text) ?? [];
  return domain !== undefined && isHostName(domain);
}

/** RFC 7622: `local@domain`, without a resource. */
export function isBareJid(text: string): boolean {
  const [, domain] = /^[^\s"&'/:<>@\p{C}]{1,256}@([^@]+)$/u.exec(text) ?? [];
  return domain !== undefined && isHostName(domain);
}

/** `address`, `address:port` or `[v6]:port` as `address:port`, IPv6 in brackets, port 53 if none is named; undefined if it is none of them. */
export function dnsServer(text: string): string | undefined {
  if (isIPv6(text) && isAddress(text)) return `[${text}]:53`;
  const [, bracketed, plain, port = '53'] = /^(?:\[([^[\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (!isPort(Number(port))) return undefined;
  if (plain !== undefined && isIPv4(plain)) return `${plain}:${Number(port)}`;
  return bracketed !== undefined && isIPv6(bracketed) && isAddress(bracketed)
    ? `[${bracketed}]:${Number(port)}`
    : undefined;
}

/** `xmpp://host[:port]` (5222, STARTTLS) or `xmpps://host[:port]` (5223, TLS at once); undefined if it is neither. */
export function xmppService(text: string): XmppService | undefined {
  const [, scheme, bracketed, plain, port] =
    /^(xmpps?):\/\/(?:\[([^[\]]+)\]|([^/:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  const known = bracketed === undefined ? isHost(host) : isIPv6(host) && isAddress(host);
  const directTls = scheme === 'xmpps';
  const service = { host, port: Number(port ?? (directTls ? 5223 : 5222)), directTls };
  return known && isPort(service.port) ? service : undefined;
}

/** Milliseconds since the epoch of an ISO 8601 time that names its offset (`Z` or `+01:00`); undefined for anything else. */
export function isoTime(text: string): number | undefined {
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const ms = Date.parse(text);
  if (day === undefined || Number.isNaN(ms)) return undefined;
  // V8 takes 30 February for 2 March: a day that does not survive the round trip is none.
  return new Date(Date.parse(`${day}T00:00Z`)).toISOString().startsWith(day) ? ms : undefined;
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}
