import type { DiagnosisCode, WarningCode } from '../../../domain/diagnosis.js';
import { targetName } from '../../../domain/federationRoute.js';
import type { ProbedTarget } from './probeTarget.js';
import type { ResolvedTarget } from './resolveTargets.js';

export interface RouteWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** What a standby lacks, by what stopped the probe there, and the step of the fail-over procedure that mends it. */
const missing: readonly { readonly when: RegExp; readonly code: WarningCode; readonly step: string }[] = [
  {
    when: /^DNS_XMPP_TARGET_/,
    code: 'XMPP_STANDBY_ADDRESS_MISSING',
    step: 'step 4: give it an A record with the address of the standby pool',
  },
  {
    when: /^TCP_/,
    code: 'XMPP_STANDBY_PORT_CLOSED',
    step: 'step 6: open its port from outside; if it refuses, step 7: Start-CsWindowsService',
  },
  {
    when: /^TLS_(?:CERTIFICATE_|NAME_)/,
    code: 'XMPP_STANDBY_CERTIFICATE_WRONG',
    step: 'step 1: deploy the pool with a certificate for the SIP domain',
  },
  {
    when: /^(?:TLS_|XMPP_SERVER_STARTTLS_(?:REFUSED|SILENT)$)/,
    code: 'XMPP_STANDBY_TLS_FAILED',
    step: 'step 1: deploy the pool with a certificate and key that can be used',
  },
  {
    when: /^XMPP_SERVER_(?:SILENT|CLOSED|SHUTDOWN)$/,
    code: 'XMPP_STANDBY_SERVICE_STOPPED',
    step: 'step 7: Start-CsWindowsService on all its Edge Servers',
  },
  {
    when: /^XMPP_SERVER_HOST_(?:UNKNOWN|GONE)$/,
    code: 'XMPP_STANDBY_ROUTE_MISSING',
    step: 'step 3: Set-CsSite <site> -XmppExternalFederationRoute <edge-server-fqdn>',
  },
  {
    when: /^XMPP_SERVER_STARTTLS_MISSING$/,
    code: 'XMPP_STANDBY_STARTTLS_MISSING',
    step: 'step 1: deploy the pool with a certificate for its external interface',
  },
  {
    when: /^XMPP_SERVER_AUTHENTICATION_MISSING$/,
    code: 'XMPP_STANDBY_AUTHENTICATION_MISSING',
    step: 'step 1: give the pool the settings of the active one',
  },
  {
    when: /^XMPP_/,
    code: 'XMPP_STANDBY_SERVICE_WRONG',
    step: 'steps 4 and 5: see where its records lead, then step 7: see what its services say',
  },
];

/** Everything that keeps a standby from taking over from `before`, the targets that partners prefer to it. */
export function standbyWarnings(
  standby: ProbedTarget,
  before: readonly ResolvedTarget[],
  expectedPort: number,
): readonly RouteWarning[] {
  const { record } = standby.resolved;
  const name = targetName({ host: record.target, port: record.port });
  const found: RouteWarning[] = [];
  if (record.port !== expectedPort) {
    const message = `${name} has port ${record.port}, expected ${expectedPort}; step 5: correct its SRV record`;
    found.push({ code: 'XMPP_STANDBY_WRONG_PORT', message });
  }
  const equal = before.find((other) => other.record.priority === record.priority);
  if (equal) {
    const message = `${name} has priority ${record.priority}, as has ${equal.record.target}; step 5: give each SRV record a priority of its own`;
    found.push({ code: 'XMPP_STANDBY_EQUAL_PRIORITY', message });
  }
  const shared = sharedAddress(standby.resolved, before);
  if (shared) {
    const message = `${name} has the address ${shared.address} of ${shared.host}; step 4: let its A record lead to the standby pool`;
    found.push({ code: 'XMPP_STANDBY_SAME_ADDRESS', message });
  }
  return [...found, ...stopped(name, standby)];
}

/** Is there nothing that would keep partners from using it? */
export function isReady({ diagnosis }: ProbedTarget): boolean {
  return diagnosis === undefined;
}

/** What stopped the probe at the standby; nothing where that was our own trouble, which says nothing about it. */
function stopped(name: string, { diagnosis }: ProbedTarget): readonly RouteWarning[] {
  if (diagnosis === undefined || diagnosis.fault === 'prober') return [];
  const { code, step } = lackOf(diagnosis.code);
  return [{ code, message: `${name} could not take over: ${diagnosis.error}; ${step}` }];
}

function lackOf(code: DiagnosisCode): { readonly code: WarningCode; readonly step: string } {
  const found = missing.find(({ when }) => when.test(code));
  return found ?? { code: 'XMPP_STANDBY_ADDRESS_MISSING', step: 'step 4: see what DNS says of its address' };
}

function sharedAddress({ record, ipv4, ipv6 }: ResolvedTarget, before: readonly ResolvedTarget[]) {
  for (const other of before.filter(({ record: { target } }) => target !== record.target)) {
    const address = [...ipv4, ...ipv6].find((one) => [...other.ipv4, ...other.ipv6].includes(one));
    if (address !== undefined) return { address, host: other.record.target };
  }
  return undefined;
}
