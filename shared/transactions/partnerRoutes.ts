import { ProbeError } from '../domain/diagnosis.js';
import type { Dialect } from '../domain/edge.js';
import { aside, type Scope } from '../domain/scope.js';
import { requireAsked } from '../protocols/sip/federation/diagnoseFederation.js';
import type { Ports } from '../run/ports.js';

interface Looking {
  readonly ports: Ports;
  readonly dialect: Dialect;
}

/**
 * Looks at the federation route of every partner, all at once. A partner's trouble is a warning that names it and what
 * failed: the own domain is not at fault.
 */
export async function lookAtPartners(partners: readonly string[], looking: Looking, scope: Scope): Promise<void> {
  await Promise.all(partners.map((partner) => lookAt(partner, looking, scope)));
}

async function lookAt(sipDomain: string, { ports, dialect }: Looking, outer: Scope): Promise<void> {
  const facts: Record<string, unknown> = { domain: sipDomain };
  const scope = aside(outer, (more) => Object.assign(facts, more), `partner ${sipDomain}: `);
  const open: { close(): void }[] = [];
  try {
    const target = await ports.findFederation({ sipDomain, dialect, foreignTarget: 'warned-of' }, scope);
    const tcp = await ports.connectTcp(target, scope);
    open.push(tcp);
    const mutual = await ports.startMutualTls(tcp, undefined, scope);
    open.push(mutual.connection);
    requireAsked(mutual);
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    const { code, error: text, fault } = error.diagnosis;
    const warning = fault === 'target' ? 'FEDERATION_PARTNER_ROUTE_BROKEN' : 'FEDERATION_PARTNER_NOT_SEEN';
    outer.warn({ code: warning, message: `partner ${sipDomain}: ${code}: ${text}` });
  } finally {
    for (const one of open.toReversed()) one.close();
    outer.observe({ partners: [facts] });
  }
}
