import { fail, ProbeError } from '../../domain/diagnosis.js';
import type { Dialect } from '../../domain/edge.js';
import type { Scope } from '../../domain/scope.js';
import type { AccessEdgeTarget } from '../net/target.js';
import type { DnsResolver, SrvRecord } from './answer.js';
import { diagnoseDns } from './diagnoseDns.js';
import { certificateName, isWithin, lookUpTargets } from './srvTargets.js';

/** Whose way in is looked for. */
export interface FederationQuestion {
  readonly sipDomain: string;
  readonly dialect: Dialect;
  /**
   * In dialect lync, what a target outside of the domain is: of the own domain nobody knows it otherwise, of a partner the
   * settings of an Edge may name it, and of a provider they do.
   */
  readonly foreignTarget: 'refused' | 'warned-of' | 'expected';
}

const usualPort = 5061;
const codes = { notOffered: 'FEDERATION_NOT_OFFERED', noAddress: 'FEDERATION_TARGET_NO_ADDRESS' } as const;

/** Finds where a SIP domain takes requests of other domains: `_sipfederationtls._tcp`. Throws a `ProbeError`. */
export async function findFederation(
  question: FederationQuestion,
  resolver: DnsResolver,
  random: () => number,
  scope: Scope,
): Promise<AccessEdgeTarget> {
  const { sipDomain, dialect } = question;
  const name = `_sipfederationtls._tcp.${sipDomain}`;
  const answer = await resolver.srv(name, scope);
  const records = answer.kind === 'records' ? answer.records : [];
  if (answer.kind === 'nxdomain' || answer.kind === 'nodata' || (answer.kind === 'records' && records.length === 0)) {
    const why = answer.kind === 'nxdomain' ? 'does not exist (NXDOMAIN)' : 'exists but has no such record (NODATA)';
    return fail('FEDERATION_SRV_MISSING', { error: `SRV record ${name}: the name ${why}` });
  }
  if (answer.kind !== 'records') throw new ProbeError(diagnoseDns(`SRV record ${name}`, answer));
  const offered = records.filter(({ target }) => target !== '' && target !== '.');
  if (dialect === 'lync' && question.foreignTarget !== 'expected') judgeTargets(name, offered, question, scope);
  warnOfPorts(name, offered, scope);
  // RFC 5922 lets the SIP domain stand for a foreign host; Lync knows the host alone.
  const tlsName = (target: string) => (dialect === 'lync' ? target.toLowerCase() : certificateName(sipDomain, target));
  return { transport: 'tls', ...(await lookUpTargets({ name, records, tlsName, codes }, resolver, random, scope)) };
}

/** A Lync Edge takes a target outside of the domain for a forgery (ms-diagnostics 1009) unless its settings name that host. */
function judgeTargets(
  name: string,
  records: readonly SrvRecord[],
  { sipDomain, foreignTarget }: FederationQuestion,
  scope: Scope,
): void {
  const foreign = [...new Set(records.map(({ target }) => target).filter((target) => !isWithin(sipDomain, target)))];
  if (foreign.length === 0) return;
  const message = `SRV record ${name} leads to ${foreign.join(', ')}, outside of ${sipDomain}`;
  if (foreignTarget === 'refused' && records.every(({ target }) => foreign.includes(target))) {
    fail('FEDERATION_TARGET_FOREIGN', { error: `${message}; a Lync Edge refuses that (ms-diagnostics 1009)` });
  }
  scope.warn({ code: 'FEDERATION_TARGET_FOREIGN', message });
}

function warnOfPorts(name: string, records: readonly SrvRecord[], scope: Scope): void {
  const others = records.filter(({ port }) => port !== usualPort).map(({ target, port }) => `${target}:${port}`);
  if (others.length === 0) return;
  const message = `SRV record ${name} names ${others.join(', ')}; federation is expected on port ${usualPort}`;
  scope.warn({ code: 'FEDERATION_PORT_UNUSUAL', message });
}
