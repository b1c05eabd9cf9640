/** What came of asking for a lock file. */
export type PidLock =
  | { readonly kind: 'taken'; readonly release: () => void }
  | { readonly kind: 'held'; readonly pid: number };

/** Takes the lock file for this process, or names the living process that holds it; a stale one is replaced. */
export function takePidLock(path: string): PidLock;
