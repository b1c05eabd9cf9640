/** A fingerprint of a credential that tells whether it was changed, and too little to find it. Base64. */
export interface Fingerprint {
  readonly salt: string;
  readonly mark: string;
}

/** What is kept of an account whose credentials the server refused. Times are ISO 8601 by the clock of the run, for people. */
export interface Parking {
  /** When these credentials were refused first. */
  readonly parkedAt: string;
  /** When they were tried last. */
  readonly triedAt: string;
  readonly fingerprint: Fingerprint;
}

/** An account that is parked at this moment. */
export interface ParkedAccount {
  /** As the request for the lease named it. */
  readonly account: string;
  readonly parking: Parking;
  /** Milliseconds since it was tried last, by the clock of the storage. */
  readonly sinceTriedMs: number;
}

/** What a run asks for. */
export interface LeaseRequest {
  readonly edge: string;
  /** All of them or none. */
  readonly accounts: readonly string[];
  /** Random, and this run's own. */
  readonly holder: string;
  /** The run in words, for whoever finds the account busy. */
  readonly by: string;
  /** The run's wall clock, ISO 8601, for people. */
  readonly at: string;
  /** When the lease ends by itself, milliseconds. */
  readonly forMs: number;
  /** Asked about each parked account: may this run try it now? */
  readonly mayTry: (parked: ParkedAccount) => Promise<boolean>;
}

/** One account of a lease, and what makes a later write conditional on its still being ours. */
export interface LeasedAccount {
  readonly account: string;
  readonly etag: string;
  /** It was parked before, and is again if this run proves nothing. */
  readonly parking: Parking | undefined;
}

/** Accounts that nobody else may use until they are released, or `forMs` have passed. */
export interface HeldLease {
  readonly edge: string;
  readonly accounts: readonly LeasedAccount[];
}

/** How a run leaves its accounts. */
export interface LeaseEnding {
  readonly lease: HeldLease;
  /** The accounts that are parked from now on, by the name in the lease; all others become free. */
  readonly parked: ReadonlyMap<string, Parking>;
  /** For how many milliseconds the lease is certain to be ours, by the clocks of the run; it may be negative. */
  readonly certainForMs: () => number;
}

export type LeaseAnswer =
  | { readonly kind: 'taken'; readonly lease: HeldLease }
  /** `by` is what the holder calls itself; undefined where another run was quicker just now. */
  | { readonly kind: 'busy'; readonly account: string; readonly by: string | undefined }
  | { readonly kind: 'parked'; readonly parked: ParkedAccount };

/** Lets one run at a time use a test account, whatever process and region it is in. */
export interface AccountLease {
  /** Tries once. Throws `StoreError`. */
  acquire(request: LeaseRequest): Promise<LeaseAnswer>;
  /** For a run that stores no result; else the result store does it in one go. Throws `StoreError`. */
  release(ending: LeaseEnding): Promise<void>;
}
