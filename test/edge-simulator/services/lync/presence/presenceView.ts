import { destinationOf, type Pool } from '../routing.js';
import {
  categoriesDocument,
  type Document,
  type Resource,
  resourceListDocument,
  visibleCategory,
} from './documents.js';
import type { Publications } from './publications.js';
import type { Subscription } from './subscription.js';

/** What a subscription shows of each address: its categories, or why there are none. */
export type Sight = ReadonlyMap<string, ReadonlyMap<string, string> | 'terminated' | 'resubscribe'>;

/** Everything that a subscription may see now. */
export function sightOf({ addresses, categories }: Subscription, { all }: Publications, pool: Pool): Sight {
  return new Map(
    addresses.map((address): [string, ReadonlyMap<string, string> | 'terminated' | 'resubscribe'] => {
      const destination = destinationOf(address, pool);
      // Of a user of another domain the pool knows nothing: it is subscribed to alone.
      if (destination.kind === 'foreign') return [address, 'resubscribe'];
      if (destination.kind !== 'user') return [address, 'terminated'];
      const own = all.filter(({ user }) => user === destination.user);
      return [address, new Map(categories.map((name) => [name, visibleCategory(own, name)]))];
    }),
  );
}

/** What of it the subscriber has not been told. */
export function untold(sight: Sight, { told }: Subscription): Sight {
  const changed = [...sight].flatMap(([address, seen]): [string, ReadonlyMap<string, string>][] => {
    if (typeof seen === 'string') return [];
    const news = [...seen].filter(([name, text]) => told.get(address)?.get(name) !== text);
    return news.length === 0 ? [] : [[address, new Map(news)]];
  });
  return new Map(changed);
}

/** The subscription after all of `sight` was told. */
export function afterTelling(subscription: Subscription, sight: Sight): Subscription {
  const told = new Map(subscription.told);
  for (const [address, seen] of sight) {
    if (typeof seen !== 'string') told.set(address, new Map([...(told.get(address) ?? []), ...seen]));
  }
  return { ...subscription, told };
}

/** The body that tells it: a list with a part for each address, or to a single subscription the one document. */
export function sightDocument({ batched, presentity, localTag }: Subscription, sight: Sight): Document | undefined {
  const resources = [...sight].map(([address, seen]): Resource => {
    if (typeof seen === 'string') return { address, state: seen };
    return { address, state: 'active', document: categoriesDocument(address, seen) };
  });
  if (!batched) return resources[0]?.document;
  return resourceListDocument(presentity.replace(/[<>]/g, ''), resources, `part-${localTag}`);
}
