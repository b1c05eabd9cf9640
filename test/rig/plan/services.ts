import { UsageError } from '../errors.js';

/** Every server the rig can run; the digit is the Edge it belongs to. */
export const serviceNames = ['dns', 'partner', 'xmpp1', 'sip1', 'turn1', 'xmpp2', 'sip2', 'turn2'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Who holds a certificate: all servers of an Edge share one. */
export const holderNames = ['edge1', 'edge2', 'partner'] as const;
export type HolderName = (typeof holderNames)[number];

export type EdgeNumber = 1 | 2;
export type ServiceKind = 'dns' | 'partner' | 'xmpp' | 'sip' | 'turn';

/** What a fault may be aimed at: one server or a group of them. */
export const targetNames = [...serviceNames, 'edge1', 'edge2', 'all'] as const;
export type TargetName = (typeof targetNames)[number];

/** `sip1` is a `sip` of Edge 1; `dns` and `partner` belong to no Edge. */
export function kindOf(service: ServiceName): { readonly kind: ServiceKind; readonly edge: EdgeNumber | undefined } {
  if (service === 'dns' || service === 'partner') return { kind: service, edge: undefined };
  const kind = service.startsWith('xmpp') ? 'xmpp' : service.startsWith('sip') ? 'sip' : 'turn';
  return { kind, edge: service.endsWith('1') ? 1 : 2 };
}

/** Whose certificate a server shows; the name server has none. */
export function holderOf(service: ServiceName): HolderName | undefined {
  const { kind, edge } = kindOf(service);
  if (kind === 'partner') return 'partner';
  return edge === undefined ? undefined : edge === 1 ? 'edge1' : 'edge2';
}

/** The servers of `services` that `target` stands for. Throws `UsageError` when there is none. */
export function expandTarget(target: TargetName, services: readonly ServiceName[]): readonly ServiceName[] {
  const found = services.filter((name) => target === 'all' || name === target || holderOf(name) === target);
  if (found.length === 0) throw new UsageError(`${target} is not part of this rig, which has ${services.join(', ')}`);
  return found;
}

/** The Edges that `services` has any server of. */
export function edgesOf(services: readonly ServiceName[]): readonly EdgeNumber[] {
  return ([1, 2] as const).filter((edge) => services.some((name) => kindOf(name).edge === edge));
}
