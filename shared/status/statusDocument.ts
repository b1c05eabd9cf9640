import { toIso } from '../domain/clock.js';
import type { LatestRow } from '../store/resultStore.js';
import type { DayRollup } from './days.js';
import { type Explanation, explain } from './explanation.js';
import { type Failover, type PublicFailover, publicFailovers } from './failovers.js';
import type { Monitored, MonitoredEdge, MonitoredTransaction } from './monitored.js';
import {
  componentState,
  type JudgedRegion,
  type Judgement,
  regionState,
  type State,
  sinceOf,
  worstState,
} from './states.js';

/** The public status: states, times, codes and their meaning; no host, user, error or observation. */
export interface StatusDocument {
  readonly schema: 1;
  readonly generatedAt: string;
  /** How old the document was when it was handed out. */
  readonly ageSeconds: number;
  readonly state: State;
  /** Present when results could not be read: what depends on them is unknown then. */
  readonly storage?: 'unavailable';
  /** How many results wait to be stored; absent when none does. */
  readonly backlog?: number;
  readonly edges: readonly EdgeStatus[];
}

export interface EdgeStatus {
  readonly name: string;
  readonly title: string;
  readonly state: State;
  readonly transactions: readonly TransactionStatus[];
}

export interface TransactionStatus extends Explanation {
  readonly name: string;
  readonly title: string;
  readonly group?: string;
  readonly state: State;
  /** Null where it is not known. */
  readonly since: string | null;
  readonly regions: readonly RegionStatus[];
  /** The last days, the oldest first. */
  readonly days: readonly DayRollup[];
  /** The newest first; absent where there was none in those days. */
  readonly failovers?: readonly PublicFailover[];
}

export interface RegionStatus {
  readonly region: string;
  readonly state: State;
  readonly lastRunAt: string | null;
}

/** What a status document is made from: all of one moment. */
export interface StatusInput {
  readonly monitored: Monitored;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The `latest` rows by edge; an edge that is missing could not be read. */
  readonly latest: ReadonlyMap<string, readonly LatestRow[]>;
  daysOf(edge: string, transaction: string): readonly DayRollup[];
  /** When traffic moved from one target to another; the oldest first. */
  failoversOf?(edge: string, transaction: string): readonly Failover[];
  readonly storageAvailable: boolean;
  /** How many results wait to be stored. */
  readonly backlog?: number;
}

/** The document of `/api/status`. */
export function statusDocument(input: StatusInput): StatusDocument {
  const edges = input.monitored.edges.map((edge) => edgeStatus(input, edge));
  return { ...heading(input), state: worstState(edges.map((edge) => edge.state)), ...storage(input), edges };
}

function edgeStatus(input: StatusInput, edge: MonitoredEdge): EdgeStatus {
  const transactions = edge.transactions.map((transaction) => transactionStatus(input, edge, transaction));
  const state = worstState(transactions.map((transaction) => transaction.state));
  return { name: edge.name, title: edge.title, state, transactions };
}

/** The public status of one configured transaction. */
export function transactionStatus(
  input: StatusInput,
  edge: MonitoredEdge,
  transaction: MonitoredTransaction,
): TransactionStatus {
  const judged = judgedRegions(input, edge, transaction);
  const state = componentState(
    judged.map((region) => region.state),
    input.monitored.quorum,
  );
  return {
    name: transaction.name,
    title: transaction.title,
    ...(transaction.group === undefined ? {} : { group: transaction.group }),
    state,
    since: sinceOf(state, judged),
    ...explanation(input, edge, state, judged, judgementOf(input, transaction)),
    regions: judged.map(regionStatus),
    days: input.daysOf(edge.name, transaction.name),
    ...publicFailovers(input.failoversOf?.(edge.name, transaction.name) ?? [], input.monitored),
  };
}

function explanation(
  input: StatusInput,
  edge: MonitoredEdge,
  state: State,
  judged: readonly JudgedRegion[],
  judgement: Judgement,
): Explanation {
  if (!input.latest.has(edge.name)) return { meaning: 'The results cannot be read at the moment.' };
  return explain(state, judged, judgement, input.now);
}

/** Every configured region with its condition and state, in the order of the configuration. */
export function judgedRegions(
  input: StatusInput,
  edge: MonitoredEdge,
  transaction: MonitoredTransaction,
): readonly JudgedRegion[] {
  const rows = (input.latest.get(edge.name) ?? []).filter((row) => row.transaction === transaction.name);
  return input.monitored.regions.map((region) => {
    const row = rows.find((candidate) => candidate.region === region);
    return { region, row, state: regionState(row, judgementOf(input, transaction), input.now) };
  });
}

function judgementOf({ monitored }: StatusInput, { intervalMs, degradedAboveMs }: MonitoredTransaction): Judgement {
  return { intervalMs, degradedAboveMs, downAfterRuns: monitored.downAfterRuns, quorum: monitored.quorum };
}

/** What is public of a region. */
export function regionStatus({ region, state, row }: JudgedRegion): RegionStatus {
  return { region, state, lastRunAt: row?.result.startedAt ?? null };
}

/** What every document begins with. */
export function heading(input: StatusInput) {
  return { schema: 1, generatedAt: toIso(input.now), ageSeconds: 0 } as const;
}

/** What every document says of the storage, when there is something to say. */
export function storage({ storageAvailable, backlog = 0 }: StatusInput): {
  readonly storage?: 'unavailable';
  readonly backlog?: number;
} {
  return { ...(storageAvailable ? {} : { storage: 'unavailable' }), ...(backlog > 0 ? { backlog } : {}) };
}
