/** What is configured, as far as the status needs it. */
export interface Monitored {
  readonly regions: readonly string[];
  readonly quorum: number;
  readonly downAfterRuns: number;
  /** May public documents name the hosts that are probed? */
  readonly showTargets?: boolean;
  readonly edges: readonly MonitoredEdge[];
}

export interface MonitoredEdge {
  readonly name: string;
  readonly title: string;
  readonly transactions: readonly MonitoredTransaction[];
}

export interface MonitoredTransaction {
  readonly name: string;
  readonly title: string;
  readonly group?: string | undefined;
  /** The longest time between two firings of its schedule. */
  readonly intervalMs: number;
  readonly degradedAboveMs?: number | undefined;
}
