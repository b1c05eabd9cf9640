/** One instance of a category in one container (MS-PRES 2.2.2). */
export interface Publication {
  readonly user: string;
  readonly category: string;
  readonly instance: string;
  readonly container: number;
  readonly version: number;
  readonly expireType: ExpireType;
  readonly expiresAtMs: number | undefined;
  /** The endpoint that published it. */
  readonly epid: string;
  readonly publishedAtMs: number;
  /** What the category holds, as XML, and the prefixes it was written with. */
  readonly content: string;
  readonly declarations: string;
}

/** `endpoint` ends with its registration, `user` with the user's last, `time` after a while, `static` never. */
export type ExpireType = 'endpoint' | 'user' | 'static' | 'time';

/** What a client asks for: a new value, or with `removal` none. */
export interface Operation {
  readonly category: string;
  readonly instance: string;
  readonly container: number;
  readonly version: number;
  readonly expireType: ExpireType;
  readonly seconds: number;
  readonly removal: boolean;
  readonly content: string;
  readonly declarations: string;
}

export interface Publications {
  readonly all: readonly Publication[];
  /** The last version given in each container of each user. */
  readonly versions: ReadonlyMap<string, number>;
}

export const noPublications: Publications = { all: [], versions: new Map() };

/** An operation that was asked for with another version than there is; positions count from one. */
export interface WrongDelta {
  readonly index: number;
  readonly currentVersion: number;
}

export type Published =
  | { readonly kind: 'published'; readonly state: Publications }
  | { readonly kind: 'refused'; readonly faults: readonly WrongDelta[] };

/** All operations together, or none when a version is not the current one (MS-PRES 3.2.5). */
export function publishAll(
  before: Publications,
  by: { readonly user: string; readonly epid: string; readonly nowMs: number },
  operations: readonly Operation[],
): Published {
  const faults = operations.flatMap((operation, position): readonly WrongDelta[] => {
    const currentVersion = versionOf(before, by.user, operation);
    return currentVersion === operation.version ? [] : [{ index: position + 1, currentVersion }];
  });
  if (faults.length > 0) return { kind: 'refused', faults };
  const state = operations.reduce((current, operation) => published(current, by, operation), before);
  return { kind: 'published', state };
}

/** The same after another endpoint of the user has published something in the same places. */
export function overtaken(
  before: Publications,
  by: { readonly user: string; readonly nowMs: number },
  operations: readonly Operation[],
): Publications {
  return operations.reduce(
    (current, operation) =>
      published(current, { ...by, epid: '' }, { ...operation, removal: false, content: '', expireType: 'user' }),
    before,
  );
}

/** What is left when the time is `nowMs`. */
export function withoutExpired(state: Publications, nowMs: number): Publications {
  return kept(state, ({ expiresAtMs }) => expiresAtMs === undefined || expiresAtMs > nowMs);
}

/** What is left when an endpoint has signed out; `last`: the user has no other. */
export function withoutEndpoint(state: Publications, user: string, epid: string, last: boolean): Publications {
  return kept(state, (one) => {
    if (one.user !== user) return true;
    return !(one.expireType === 'endpoint' && one.epid === epid) && !(one.expireType === 'user' && last);
  });
}

function versionOf({ all }: Publications, user: string, slot: Operation): number {
  return all.find((one) => one.user === user && isOf(one, slot))?.version ?? 0;
}

/** Do they name the same instance of the same category in the same container? */
export function isOf(
  one: Pick<Publication, 'category' | 'instance' | 'container'>,
  other: Pick<Publication, 'category' | 'instance' | 'container'>,
): boolean {
  return one.category === other.category && one.instance === other.instance && one.container === other.container;
}

/** The same object when nothing goes, so that a change can be told. */
function kept(state: Publications, stays: (one: Publication) => boolean): Publications {
  return state.all.every(stays) ? state : { ...state, all: state.all.filter(stays) };
}

function published(
  { all, versions }: Publications,
  { user, epid, nowMs }: { readonly user: string; readonly epid: string; readonly nowMs: number },
  operation: Operation,
): Publications {
  const others = all.filter((one) => one.user !== user || !isOf(one, operation));
  if (operation.removal) return { all: others, versions };
  const counter = `${user} ${operation.container}`;
  // Counted per container, so that a client which adds one to its own version is found out.
  const version = (versions.get(counter) ?? 0) + 1;
  const { category, instance, container, expireType, seconds, content, declarations } = operation;
  const expiresAtMs = expireType === 'time' ? nowMs + seconds * 1000 : undefined;
  const fresh = { category, instance, container, expireType, content, declarations };
  return {
    all: [...others, { ...fresh, user, epid, version, expiresAtMs, publishedAtMs: nowMs }],
    versions: new Map(versions).set(counter, version),
  };
}
