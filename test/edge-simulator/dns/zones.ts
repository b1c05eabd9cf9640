import type { ActiveFault } from '../faults/fault.js';
import { type DnsReply, type DnsServer, startDnsServer } from './dnsServer.js';
import { lookUp, type ZoneRecord } from './records.js';

/** The domains that the simulator's DNS server answers for: its own, its partner's, and those of the push clearing house. */
const domains = ['contoso.test', 'fabrikam.test', 'partner.test', 'push.lync.com', 'online.lync.com'];

/** What a fault does to DNS: to the records, or to every answer. */
export interface DnsFault {
  readonly reply?: 'silence' | 'servfail' | 'truncated';
  readonly change?: (records: readonly ZoneRecord[]) => readonly ZoneRecord[];
}

/** The zones of the simulated world; every simulated service adds where it can be reached. */
export class Zones {
  readonly #records: ZoneRecord[] = [];
  readonly #active: () => readonly ActiveFault[];

  /** `active` is read at every question, because faults change while the simulator runs. */
  constructor(active: () => readonly ActiveFault[]) {
    this.#active = active;
  }

  add(...records: readonly ZoneRecord[]): void {
    this.#records.push(...records);
  }

  /** Serves them on a free loopback port. */
  serve(): Promise<DnsServer> {
    return startDnsServer((name, type) => {
      const faults = this.#active().flatMap(({ fault }) => fault.dns ?? []);
      const records = faults.reduce<readonly ZoneRecord[]>(
        (current, { change }) => change?.(current) ?? current,
        this.#records,
      );
      return replyOf(faults, lookUp(domains, records, name, type));
    });
  }
}

function replyOf(faults: readonly DnsFault[], answer: ReturnType<typeof lookUp>): DnsReply {
  const reply = faults.map((fault) => fault.reply).find((kind) => kind !== undefined);
  if (reply === undefined) return answer;
  return reply === 'truncated' ? { kind: reply, answer } : { kind: reply };
}
