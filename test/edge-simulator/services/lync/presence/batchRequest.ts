import { find, readXml } from '../../../sip/xmlTree.js';

export const batchType = 'application/msrtc-adrl-categorylist+xml';

/** Whom a subscription is for, and which categories. */
export interface BatchRequest {
  readonly addresses: readonly string[];
  readonly categories: readonly string[];
}

const most = 100;

/** Reads the body of a SUBSCRIBE to presence (MS-PRES 2.2.2.5); undefined when it cannot be read. */
export function readBatch(body: string): BatchRequest | undefined {
  const root = readXml(body);
  if (root?.name !== 'batchSub') return undefined;
  const actions = find(root, 'action').filter(({ attributes }) => attributes.get('name') === 'subscribe');
  const addresses = actions
    .flatMap((action) => find(action, 'adhocList', 'resource'))
    .map(({ attributes }) => attributes.get('uri') ?? '');
  const categories = actions
    .flatMap((action) => find(action, 'categoryList', 'category'))
    .map(({ attributes }) => attributes.get('name') ?? '');
  const readable = addresses.every((address) => /^sips?:[^\s<>]{1,400}$/i.test(address));
  const named = categories.every((name) => /^[\w-]{1,64}$/.test(name));
  if (!readable || !named || addresses.length === 0 || addresses.length > most || categories.length > most)
    return undefined;
  return { addresses: [...new Set(addresses)], categories: [...new Set(categories)] };
}

/** The names of the provisioning groups that are asked for; undefined when the body cannot be read. */
export function readProvisioning(body: string): readonly string[] | undefined {
  const root = readXml(body);
  if (root?.name !== 'provisioningGroupList') return undefined;
  return find(root, 'provisioningGroup').map(({ attributes }) => attributes.get('name') ?? '');
}
