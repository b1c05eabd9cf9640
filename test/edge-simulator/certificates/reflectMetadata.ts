type Metadata = Map<unknown, unknown>;

/**
 * The three Reflect calls that tsyringe 4.10 (inside @peculiar/x509 2.2) looks for when it loads, where nobody else brought
 * them: without `Reflect.getMetadata` it throws. A polyfill that is already there is left alone.
 */
export function ensureReflectMetadata(): void {
  if ('getMetadata' in Reflect) return;
  const known = new WeakMap<object, Metadata>();
  const read = (key: unknown, target: object): unknown => known.get(target)?.get(key);
  Object.assign(Reflect, {
    getMetadata: read,
    getOwnMetadata: read,
    defineMetadata(key: unknown, value: unknown, target: object): void {
      const metadata: Metadata = known.get(target) ?? new Map();
      known.set(target, metadata.set(key, value));
    },
  });
}
