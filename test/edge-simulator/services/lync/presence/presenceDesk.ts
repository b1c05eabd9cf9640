import type { Occasion, Outgoing } from '../../service.js';
import type { Pool } from '../routing.js';
import { selfDocument } from './documents.js';
import { afterTelling, sightDocument, sightOf, untold } from './presenceView.js';
import { isOf, noPublications, type Publications } from './publications.js';
import { counted, notification, type Subscription } from './subscription.js';

export const selfEvent = 'vnd-microsoft-roaming-self';
const most = 200;

/** What is published and who watches; whoever changes the one tells the others. */
export class PresenceDesk {
  readonly #pool: Pool;
  #publications: Publications = noPublications;
  #subscriptions: readonly Subscription[] = [];

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get publications(): Publications {
    return this.#publications;
  }

  get subscriptions(): readonly Subscription[] {
    return this.#subscriptions;
  }

  /** False when there are too many. */
  add(subscription: Subscription): boolean {
    if (this.#subscriptions.length >= most) return false;
    this.#subscriptions = [...this.#subscriptions, subscription];
    return true;
  }

  replace(before: Subscription, after: Subscription): void {
    this.#subscriptions = this.#subscriptions.map((one) => (one === before ? after : one));
  }

  /** Takes away the subscriptions that `ends` says, and returns them. */
  remove(ends: (subscription: Subscription) => boolean): readonly Subscription[] {
    const over = this.#subscriptions.filter(ends);
    this.#subscriptions = this.#subscriptions.filter((one) => !ends(one));
    return over;
  }

  /** Puts what is published now in the place of what was, and tells everybody who may see a difference. */
  change(after: Publications, occasion: Occasion, nowMs: number): readonly Outgoing[] {
    const before = this.#publications;
    if (after === before) return [];
    this.#publications = after;
    const outgoing: Outgoing[] = [];
    this.#subscriptions = this.#subscriptions.map((subscription) => {
      const told = subscription.event === selfEvent ? this.#ownNews(subscription, before) : this.#news(subscription);
      if (told === undefined) return subscription;
      const { next, document } = told;
      const why = subscription.event === selfEvent ? 'own-change' : occasion;
      outgoing.push(notification(next, why, { nowMs, host: this.#pool.host, document }));
      return next;
    });
    return outgoing;
  }

  #news(subscription: Subscription) {
    const news = untold(sightOf(subscription, this.#publications, this.#pool), subscription);
    const document = news.size === 0 ? undefined : sightDocument(subscription, news);
    return document === undefined ? undefined : { next: afterTelling(counted(subscription), news), document };
  }

  #ownNews(subscription: Subscription, before: Publications) {
    const { changed, gone } = difference(before, this.#publications, subscription.user);
    if (changed.length + gone.length === 0) return undefined;
    const document = selfDocument(`sip:${subscription.user}@${this.#pool.domain}`, changed, gone, false);
    return { next: counted(subscription), document };
  }
}

/**
 * What a user must be told of its own publications: of each category in which something changed, everything there is, for clients
 * put it in the place of what they had; and the names of those of which nothing is left.
 */
export function difference(before: Publications, after: Publications, user: string) {
  const [old, now] = [before, after].map(({ all }) => all.filter((one) => one.user === user));
  const removed = (old ?? []).filter((one) => !now?.some((other) => isOf(one, other)));
  const fresh = (now ?? []).filter((one) => !old?.includes(one));
  const touched = [...new Set([...removed, ...fresh].map(({ category }) => category))];
  const changed = (now ?? []).filter(({ category }) => touched.includes(category));
  return { changed, gone: touched.filter((name) => !changed.some(({ category }) => category === name)) };
}
