import type { DnsAnswer, DnsResolver, SrvRecord } from '../../shared/protocols/dns/answer.js';

/** A zone: what is asked (`SRV _sip._tls.contoso.com`, `A sip.contoso.com`) and what is answered. */
export type Zone = Readonly<Record<string, readonly (SrvRecord | string)[] | DnsAnswer<never>>>;

/** Answers from `zone`; what is not in it does not exist. `asked` lists the questions in order. */
export function fakeResolver(zone: Zone): DnsResolver & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  function answer<T extends SrvRecord | string>(question: string, isRecord: (value: unknown) => value is T) {
    asked.push(question);
    const found = zone[question];
    const all: DnsAnswer<T> = Array.isArray(found)
      ? { kind: 'records', records: found.filter(isRecord) }
      : ((found as DnsAnswer<never> | undefined) ?? { kind: 'nxdomain' });
    return Promise.resolve(all);
  }
  const isText = (value: unknown): value is string => typeof value === 'string';
  const isSrv = (value: unknown): value is SrvRecord => typeof value === 'object';
  return {
    asked,
    srv: (name) => answer(`SRV ${name}`, isSrv),
    ipv4: (name) => answer(`A ${name}`, isText),
    ipv6: (name) => answer(`AAAA ${name}`, isText),
    alias: (name) => answer(`CNAME ${name}`, isText),
  };
}
