import { type DiagnosisCode, diagnosis } from '../../../../../shared/domain/diagnosis.js';
import type { Route } from '../../../../../shared/protocols/xmpp/federation/findRoute.js';
import type { ProbedTarget } from '../../../../../shared/protocols/xmpp/federation/probeTarget.js';

export const sampleService = '_xmpp-server._tcp.contoso.example';

interface Sample {
  readonly host?: string;
  readonly port?: number;
  readonly priority?: number;
  readonly weight?: number;
  readonly address?: string;
  /** What stopped the probe there. */
  readonly code?: DiagnosisCode;
}

/** A target of `contoso.example` that is ready; a test names what differs. */
export function sampleTarget(number: number, sample: Sample = {}): ProbedTarget {
  const { host = `edge${number}.contoso.example`, address = `192.0.2.${number}` } = sample;
  const { port = 5269, priority = (number - 1) * 10, weight = 0, code } = sample;
  return {
    resolved: { record: { target: host, port, priority, weight }, ipv4: [address], ipv6: [] },
    stages: [{ name: 'connect', ms: 1.5, outcome: code?.startsWith('TCP_') ? 'failed' : 'passed' }],
    ...(code === undefined
      ? { authentication: ['dialback'] }
      : { diagnosis: diagnosis(code, { error: `${host} met ${code}` }) }),
  };
}

/** The records of these targets. */
export function sampleRoute(probed: readonly ProbedTarget[], missing?: Route['missing']): Route {
  const records = probed.map(({ resolved }) => resolved.record);
  return { service: sampleService, records, ...(missing === undefined ? {} : { missing }) };
}
