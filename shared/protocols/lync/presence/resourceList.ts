import { childrenOf, type DocumentFlaw, readDocument } from './document.js';

/** What a server says about the subscription to one contact (RFC 4662 section 5, MS-PRES 2.2.2.3). */
export interface ListedResource {
  readonly uri: string;
  /** `active`, `resubscribe`, `terminated` or anything else; undefined when the contact has no instance: nothing of it may be seen. */
  readonly state: string | undefined;
  readonly reason: string | undefined;
  /** With `resubscribe`: the pool at which to ask again; without it, ask the contact itself. */
  readonly poolFqdn: string | undefined;
}

export type ResourceListReading =
  | { readonly kind: 'resources'; readonly resources: readonly ListedResource[] }
  | DocumentFlaw;

/** Reads `application/rlmi+xml`. Never throws. */
export function readResourceList(text: string): ResourceListReading {
  const reading = readDocument(text, ['list']);
  if (reading.kind !== 'element') return reading;
  const resources = childrenOf(reading.root, 'resource').map((resource): ListedResource => {
    const [instance] = childrenOf(resource, 'instance');
    const { state, reason, poolFqdn } = instance?.attributes ?? {};
    return {
      uri: resource.attributes.uri ?? '',
      state: instance ? (state ?? '').toLowerCase() : undefined,
      reason,
      poolFqdn: poolFqdn === '' ? undefined : poolFqdn,
    };
  });
  return { kind: 'resources', resources };
}
