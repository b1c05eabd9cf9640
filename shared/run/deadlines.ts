/** How long each kind of step may take, milliseconds. */
export const deadlines = {
  dnsMs: 5_000,
  connectMs: 5_000,
  tlsMs: 5_000,
  requestMs: 10_000,
  /** A whole run, unless its transaction or its settings say otherwise. */
  runMs: 45_000,
  /** The follow-ups of a run together; and such a run with them, clean-up not counted. */
  followUpsMs: 30_000,
  runWithFollowUpsMs: 80_000,
  /** All clean-up steps of a run together. */
  cleanupMs: 5_000,
  /** How long a scheduled run waits for its accounts, and one that somebody waits for. */
  leaseWaitMs: 20_000,
  leaseWaitOnDemandMs: 5_000,
  /** By how much a lease outlasts its run: time to store the result, and storage that tells its time in whole seconds. */
  leaseMarginMs: 15_000,
  /** What a step gets to settle after it was told to stop. */
  graceMs: 500,
} as const;
