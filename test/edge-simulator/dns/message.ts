import type { RecordType, ZoneAnswer, ZoneRecord } from './records.js';

/** A question as it came (RFC 1035 section 4.1.2). */
export interface DnsQuery {
  readonly id: number;
  readonly name: string;
  /** Undefined for a type that no zone here has. */
  readonly type: RecordType | undefined;
  /** The question section, to be repeated in the answer. */
  readonly question: Buffer;
}

const headerLength = 12;
const types: Readonly<Record<RecordType, number>> = { A: 1, CNAME: 5, AAAA: 28, SRV: 33 };
const rcodes = { records: 0, nodata: 0, servfail: 2, nxdomain: 3, refused: 5 } as const;
const ttlSeconds = 5;

/** Reads a query of one question; undefined for anything else. */
export function readQuery(message: Buffer): DnsQuery | undefined {
  if (message.length < headerLength || (message.readUInt16BE(2) & 0x8000) !== 0) return undefined;
  if (message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = headerLength;
  for (;;) {
    const length = message[at];
    // A query has no reason to compress its only name.
    if (length === undefined || length > 63 || labels.length > 127) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(message.toString('latin1', at, at + length));
    at += length;
  }
  if (message.length < at + 4) return undefined;
  const number = message.readUInt16BE(at);
  const type = (Object.keys(types) as RecordType[]).find((known) => types[known] === number);
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.'),
    type,
    question: message.subarray(headerLength, at + 4),
  };
}

/** The answer as an authoritative server sends it; `truncated` has no records and tells the client to ask over TCP. */
export function writeResponse(
  { id, question }: DnsQuery,
  answer: ZoneAnswer | { readonly kind: 'servfail' },
  truncated = false,
): Buffer {
  const records = answer.kind === 'records' && !truncated ? answer.records : [];
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(id, 0);
  // A response, authoritative, recursion desired and available.
  header.writeUInt16BE(0x8580 | (truncated ? 0x0200 : 0) | rcodes[answer.kind], 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records.map(toBytes)]);
}

function toBytes(record: ZoneRecord): Buffer {
  const data = dataOf(record);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(types[record.type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttlSeconds, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameToBytes(record.name), fixed, data]);
}

function dataOf(record: ZoneRecord): Buffer {
  switch (record.type) {
    case 'A':
      return Buffer.from(record.address.split('.').map(Number));
    case 'AAAA':
      return Buffer.from(groupsOf(record.address).join(''), 'hex');
    case 'CNAME':
      return nameToBytes(record.target);
    case 'SRV': {
      const numbers = Buffer.alloc(6);
      numbers.writeUInt16BE(record.priority, 0);
      numbers.writeUInt16BE(record.weight, 2);
      numbers.writeUInt16BE(record.port, 4);
      return Buffer.concat([numbers, nameToBytes(record.target)]);
    }
  }
}

function nameToBytes(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);
}

/** The eight groups of an IPv6 address, four digits each (RFC 4291 section 2.2). */
function groupsOf(address: string): string[] {
  const [before = '', after] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const head = [...before];
  const tail = [...(after ?? [])];
  const missing = Array<string>(Math.max(8 - head.length - tail.length, 0)).fill('0');
  return [...head, ...missing, ...tail].map((group) => group.padStart(4, '0'));
}
