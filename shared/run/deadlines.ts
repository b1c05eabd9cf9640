/** How long each kind of step may take, milliseconds. */
export const deadlines = {
  dnsMs: 5_000,
  connectMs: 5_000,
  tlsMs: 5_000,
  requestMs: 10_000,
  /** A whole run, unless its transaction or its settings say otherwise. */
  runMs: 45_000,
  /** All clean-up steps of a run together. */
  cleanupMs: 5_000,
  /** What a step gets to settle after it was told to stop. */
  graceMs: 500,
} as const;
