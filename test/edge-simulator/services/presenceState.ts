import type { Occasion } from './service.js';

/** What a user has published under one entity-tag (RFC 3903). */
export interface Publication {
  readonly user: string;
  readonly entityTag: string;
  readonly body: string;
  readonly expiresAtMs: number;
}

/** One subscription and its dialog (RFC 6665). */
export interface Watcher {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From and To of the SUBSCRIBE, without tags: the client and the presentity. */
  readonly client: string;
  readonly presentity: string;
  /** Whose presence is watched. */
  readonly user: string;
  readonly contact: string;
  readonly flow: number;
  readonly expiresAtMs: number;
  /** Of the last NOTIFY sent. */
  readonly sequence: number;
}

export interface PresenceState {
  readonly publications: readonly Publication[];
  readonly watchers: readonly Watcher[];
}

/** A NOTIFY that is due. */
export interface Due {
  readonly watcher: Watcher;
  readonly occasion: Occasion;
  /** Undefined: the subscription goes on. */
  readonly endReason?: string;
}

/** Sequence numbers leave room for what a fault sends in between. */
export const sequenceStep = 10;

/** The state without what has expired, and the NOTIFYs that follow from that. */
export function expired(
  state: PresenceState,
  nowMs: number,
): { readonly state: PresenceState; readonly due: readonly Due[] } {
  const publications = state.publications.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  const gone = state.publications.filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
  const [over, watchers] = [
    state.watchers.filter(({ expiresAtMs }) => expiresAtMs <= nowMs).map(counted),
    state.watchers.filter(({ expiresAtMs }) => expiresAtMs > nowMs),
  ];
  const next = { publications, watchers };
  const ended = over.map((watcher): Due => ({ watcher, occasion: 'ended', endReason: 'timeout' }));
  const changed = notified(next, new Set(gone.map(({ user }) => user)), 'unpublished');
  return { state: changed.state, due: [...ended, ...changed.due] };
}

/** Every watcher of the users is due a NOTIFY. */
export function notified(
  state: PresenceState,
  users: ReadonlySet<string>,
  occasion: Occasion,
): { readonly state: PresenceState; readonly due: readonly Due[] } {
  const watchers = state.watchers.map((watcher) => (users.has(watcher.user) ? counted(watcher) : watcher));
  const due = watchers.filter(({ user }) => users.has(user)).map((watcher): Due => ({ watcher, occasion }));
  return { state: { ...state, watchers }, due };
}

/** The watcher with the number of its next NOTIFY. */
export function counted(watcher: Watcher): Watcher {
  return { ...watcher, sequence: watcher.sequence + sequenceStep };
}

/** The document of all that a user has published; empty while there is nothing. */
export function documentOf(publications: readonly Publication[], user: string): string {
  const [first = '', ...others] = publications.filter((one) => one.user === user).map(({ body }) => body);
  const tuples = others.flatMap((body) => body.match(/<tuple\b[\s\S]*?<\/tuple>/g) ?? []);
  // Composed as far as clients of one dialect write alike: all tuples under the root of the first document.
  return tuples.length === 0 ? first : first.replace('</presence>', `${tuples.join('')}</presence>`);
}
