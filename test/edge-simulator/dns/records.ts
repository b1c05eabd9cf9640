/** A record of a zone; names are written without the last dot, a target of `.` stands for itself. */
export type ZoneRecord =
  | { readonly name: string; readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly name: string; readonly type: 'CNAME'; readonly target: string }
  | {
      readonly name: string;
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    };

export type RecordType = ZoneRecord['type'];

/** What an authoritative server says to a question: an alias comes with what it leads to. */
export type ZoneAnswer =
  | { readonly kind: 'records'; readonly records: readonly ZoneRecord[] }
  /** The name is there, a record of that type is not. */
  | { readonly kind: 'nodata' }
  | { readonly kind: 'nxdomain' }
  /** The name is in no zone of this server. */
  | { readonly kind: 'refused' };

const longestAlias = 8;

/** An A or AAAA record. */
export function addressRecord(name: string, address: string): ZoneRecord {
  return { name, type: address.includes(':') ? 'AAAA' : 'A', address };
}

/** An SRV record, the only one of its service unless `priority` says otherwise (RFC 2782). */
export function serviceRecord(name: string, target: string, port: number, priority = 0): ZoneRecord {
  return { name, type: 'SRV', priority, weight: 0, port, target };
}

/** Looks a question up as the authoritative server of `zones` (RFC 1034 section 4.3.2). */
export function lookUp(
  zones: readonly string[],
  records: readonly ZoneRecord[],
  name: string,
  type: RecordType | undefined,
): ZoneAnswer {
  if (!zones.some((zone) => isWithin(zone, name))) return { kind: 'refused' };
  const found: ZoneRecord[] = [];
  for (let current = name, hops = 0; hops <= longestAlias; hops += 1) {
    const here = records.filter((record) => sameName(record.name, current));
    const wanted = here.filter((record) => record.type === type);
    if (wanted.length > 0) return { kind: 'records', records: [...found, ...wanted] };
    const alias = here.find((record) => record.type === 'CNAME');
    if (alias?.type !== 'CNAME') break;
    found.push(alias);
    current = alias.target;
  }
  if (found.length > 0) return { kind: 'records', records: found };
  // RFC 8020: a name exists also where only names below it have records.
  return { kind: records.some((record) => isWithin(name, record.name)) ? 'nodata' : 'nxdomain' };
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isWithin(outer: string, name: string): boolean {
  return sameName(outer, name) || name.toLowerCase().endsWith(`.${outer.toLowerCase()}`);
}
