import type { SecretReference, TransactionSettings } from '../config/settings.js';
import type { Clock } from '../domain/clock.js';
import type { Diagnosis } from '../domain/diagnosis.js';
import type { Account, AccountRole, Edge } from '../domain/edge.js';
import type { StepResult, Trigger } from '../domain/result.js';
import type { Secret } from '../domain/secret.js';
import type { Ports } from './ports.js';
import type { Transaction } from './transaction.js';

/** A transaction that may follow the failure of another one, with the settings of its own. */
export interface FollowUp {
  readonly transaction: Transaction;
  readonly settings: TransactionSettings;
}

export type Accounts = Readonly<Partial<Record<AccountRole, Account>>>;

/** Everything a run needs from outside: settings, accounts, ports, time and the prober's own facts. */
export interface World {
  readonly edge: Edge;
  /** Of the transaction that is run. */
  readonly settings: TransactionSettings;
  /** The accounts the transaction declares; or why they cannot be had, which makes the run inconclusive. */
  readonly accounts: Accounts | { readonly missing: Diagnosis };
  /** A secret that is no account's. Throws a `ProbeError` (`CONFIG_SECRET_MISSING`) where it is not there. */
  readonly secret: (reference: SecretReference) => Secret;
  readonly ports: Ports;
  readonly clock: Clock;
  readonly region: string;
  readonly trigger: Trigger;
  /** Milliseconds since the epoch; undefined for a run that no schedule asked for. */
  readonly scheduledAt: number | undefined;
  /** Of the whole run, when the settings say so. */
  readonly deadlineMs: number | undefined;
  readonly version: string;
  readonly nodeVersion: string;
  readonly coldStart: boolean;
  /** What runs after a failure. */
  readonly followUps?: readonly FollowUp[];
  /** How long the run waited for its accounts before it began. */
  readonly leaseWaitMs?: number;
  /** Letters and digits from a cryptographic source. */
  readonly token: (length: number) => string;
  /** Starts watching the event loop; the returned function stops and tells the longest delay in milliseconds. */
  readonly watchEventLoop: () => () => number;
  /** Aborts when the process is being stopped: the run ends, its clean-up is still done. */
  readonly stop?: AbortSignal;
  readonly onStep?: (event: StepEvent) => void;
  /** An error that is ours: for the log, with its stack. */
  readonly onUnexpected?: (error: unknown) => void;
}

/** For a person who watches. */
export type StepEvent =
  | { readonly kind: 'started'; readonly name: string; readonly activity?: string }
  | { readonly kind: 'ended'; readonly result: StepResult; readonly error?: string };
