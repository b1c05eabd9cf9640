/**
 * What the SDK takes and does not send (applicationinsights 3.15): the time of everything but a dependency, the operation,
 * and the type, target and result code of a dependency. It travels in a property of the item and is put in its place here.
 */
export interface Carried {
  readonly time: string;
  readonly operationId: string;
  readonly parentId?: string | undefined;
  readonly type?: string;
  readonly target?: string;
  readonly resultCode?: string;
}

/** The property that carries it; never sent. */
const carrier = 'edge-probes.envelope';

/** The property to add to an item. */
export function carry(carried: Carried): Readonly<Record<string, string>> {
  return { [carrier]: JSON.stringify(carried) };
}

/** The body of a request to the ingestion endpoint with all that was carried in its place, and `tags` added to every item. */
export function finishEnvelopes(body: string, tags: Readonly<Record<string, string>>): string {
  const items: unknown = JSON.parse(body);
  return Array.isArray(items) ? JSON.stringify(items.map((item: unknown) => finish(item, tags))) : body;
}

function finish(item: unknown, tags: Readonly<Record<string, string>>): unknown {
  if (!isRecord(item) || !isRecord(item.data) || !isRecord(item.data.baseData)) return item;
  const { properties, ...baseData } = item.data.baseData;
  const own = isRecord(properties) ? properties : {};
  const { [carrier]: carried, ...sent } = own;
  if (typeof carried !== 'string') return item;
  // Written by `carry` in this process.
  const { time, operationId, parentId, ...ofDependency } = JSON.parse(carried) as Carried;
  const parent = parentId === undefined ? {} : { 'ai.operation.parentId': parentId };
  return {
    ...item,
    time,
    tags: { ...(isRecord(item.tags) ? item.tags : {}), ...tags, 'ai.operation.id': operationId, ...parent },
    data: { ...item.data, baseData: { ...baseData, ...ofDependency, properties: sent } },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
