import type {
  SecretReference,
  TransactionName,
  TransactionSettings,
  TransactionSettingsByName,
} from '../config/settings.js';
import type { Account, AccountRole, Dialect, Edge } from '../domain/edge.js';
import type { Scope } from '../domain/scope.js';
import type { Secret } from '../domain/secret.js';
import type { Ports } from './ports.js';

export interface StepDefinition {
  readonly deadlineMs: number;
  /** The cmdlets' own name for it, where they have one. */
  readonly activity?: string;
}

/** The settings of the transaction of that name. */
export type SettingsOf<Name extends string> = Name extends keyof TransactionSettingsByName
  ? TransactionSettingsByName[Name]
  : TransactionSettings;

/** What a transaction's body works with. */
export interface RunContext<Step extends string, Role extends AccountRole, Name extends string = string> {
  readonly edge: Edge;
  readonly settings: SettingsOf<Name>;
  /** One of the declared accounts, its secret resolved. */
  account(role: Role): Account;
  /** One of the optional accounts; undefined where the settings have none. */
  accountIfGiven(role: AccountRole): Account | undefined;
  /** A secret that the settings name. Throws a `ProbeError` (`CONFIG_SECRET_MISSING`) where it is not there. */
  secret(reference: SecretReference): Secret;
  readonly ports: Ports;
  /** Letters and digits that no other run has: the mark of what this one sends. */
  token(length: number): string;
  /** Runs, measures and bounds a declared step; `limitMs` in place of its declared deadline. */
  step<T>(name: Step, work: (scope: Scope) => Promise<T>, limitMs?: number): Promise<T>;
  /** Bounds a part of a step, which goes on afterwards: `work` has until `limitMs` to say in its own words what it waited for. */
  within<T>(scope: Scope, limitMs: number, work: (scope: Scope) => Promise<T>): Promise<T>;
  /**
   * Arranges a declared step that runs when the body is over, after success and failure alike, the last arranged
   * first. `when` is asked then: where it says no there is nothing to clean up, and the step is skipped.
   */
  cleanup(name: Step, work: (scope: Scope) => Promise<void>, when?: () => boolean): void;
  /** Frees a resource at the very end; not measured. */
  release(free: () => void): void;
}

/** A synthetic transaction: its steps declared in order, then straight-line code that takes them. */
export interface TransactionDefinition<Step extends string, Role extends AccountRole, Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly dialects: readonly Dialect[];
  /** The accounts it signs in with. */
  readonly accounts: readonly Role[];
  /** Those that it signs in with where the settings have them. */
  readonly optionalAccounts?: readonly AccountRole[];
  /** Of the whole run without clean-up, milliseconds, unless the settings say otherwise. */
  readonly deadlineMs: number;
  /** In the order in which results list them. */
  readonly steps: Readonly<Record<Step, StepDefinition>>;
  /** Transactions that look at what this one depends on: run after its failure, where they are configured and need no other account. */
  readonly followUps?: readonly TransactionName[];
  run(context: RunContext<Step, Role, Name>): Promise<void>;
}

/** Any transaction, for those who only run it. */
export type Transaction = TransactionDefinition<string, AccountRole>;

/** Checks at compile time that the body takes declared steps and accounts only, and gives it the settings of its name. */
export function defineTransaction<Step extends string, const Role extends AccountRole, const Name extends string>(
  definition: TransactionDefinition<Step, Role, Name>,
): TransactionDefinition<Step, Role, Name> {
  return definition;
}
