import type { DiagnosisCode } from './diagnosis.js';

/** One target of `_xmpp-server._tcp` and what became of it, as a result's observations keep it under `targets`. */
export interface RouteTarget {
  readonly host: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  /** The name that `host` is only an alias of. */
  readonly aliasOf?: string;
  readonly role: RouteRole;
  /** How far the probe came, in order. */
  readonly stages: readonly RouteStage[];
  /** Present where the target did not come through: what stopped it. */
  readonly code?: DiagnosisCode;
  readonly error?: string;
  /** What a partner may authenticate with after STARTTLS. */
  readonly authentication?: readonly ServerAuthentication[];
}

/** The target that the domain's traffic goes to; one that could take over; one that nobody can use now. */
export type RouteRole = 'active' | 'standby' | 'failed';

/** In the order in which they are taken. */
export type RouteStageName = 'connect' | 'stream' | 'starttls' | 'tls' | 'secure-stream' | 'close';

export interface RouteStage {
  readonly name: RouteStageName;
  readonly ms: number;
  readonly outcome: 'passed' | 'failed';
}

/** SASL EXTERNAL (XEP-0178) or server dialback (XEP-0220). */
export type ServerAuthentication = 'EXTERNAL' | 'dialback';

/** The targets in the observations of a result; none where it has none. */
export function routeTargetsIn(observations: Readonly<Record<string, unknown>>): readonly RouteTarget[] {
  const { targets } = observations;
  return Array.isArray(targets) ? targets.filter(isRouteTarget) : [];
}

/** `edge1.contoso.com:5269`, as targets are named in texts and rows. */
export function targetName({ host, port }: Pick<RouteTarget, 'host' | 'port'>): string {
  return `${host}:${port}`;
}

function isRouteTarget(value: unknown): value is RouteTarget {
  return (
    typeof value === 'object' &&
    value !== null &&
    'host' in value &&
    typeof value.host === 'string' &&
    'port' in value &&
    typeof value.port === 'number' &&
    'stages' in value &&
    Array.isArray(value.stages)
  );
}
