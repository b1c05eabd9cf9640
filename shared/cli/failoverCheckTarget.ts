import type { RouteStageName, RouteTarget } from '../domain/federationRoute.js';

/** Nothing talks XMPP there, and that is not for want of a way. */
export function isStopped(target: RouteTarget): boolean {
  if (target.code === 'TCP_CONNECTION_REFUSED') return true;
  return cameThrough(target, 'connect') && !cameThrough(target, 'stream') && isSilence(target.code);
}

/** Did the probe get through that stage? */
export function cameThrough(target: RouteTarget, stage: RouteStageName): boolean {
  return target.stages.some(({ name, outcome }) => name === stage && outcome === 'passed');
}

function isSilence(code: string | undefined): boolean {
  return code === 'XMPP_SERVER_SILENT' || code === 'XMPP_SERVER_CLOSED' || code === 'XMPP_SERVER_SHUTDOWN';
}
