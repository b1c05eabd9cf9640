import type { AccountRole, Edge } from '../domain/edge.js';

/** A checked probes.json: everything has its default, nothing secret is inside. */
export interface Settings {
  readonly regions: readonly string[];
  /** The region this process runs in; `undefined` while nothing says which of several it is. */
  readonly ownRegion: string;
  readonly quorum: number;
  readonly downAfterRuns: number;
  readonly objective: number;
  readonly retentionDays: number;
  readonly certificateWarningDays: number;
  /** `address:port` of the DNS servers to ask; empty means the system's. */
  readonly dnsServers: readonly string[];
  readonly tls: TlsSettings;
  readonly edges: readonly EdgeSettings[];
}

export interface TlsSettings {
  /** PEM text of the authorities to trust besides the system's. */
  readonly ca: string | undefined;
  readonly minVersion: TlsVersion;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface EdgeSettings {
  readonly edge: Edge;
  readonly accounts: AccountPair;
  readonly accountsByRegion: Readonly<Record<string, AccountPair>>;
  /** Only the transactions that are configured; one that is absent does not run. */
  readonly transactions: Readonly<Partial<Record<TransactionName, TransactionSettings>>>;
}

export type AccountPair = Readonly<Partial<Record<AccountRole, AccountSettings>>>;

export interface AccountSettings {
  readonly sipAddress: string;
  readonly userName: string;
  readonly password: SecretReference;
}

/** Where a secret is to be found; never the secret itself. */
export interface SecretReference {
  readonly env: string;
}

export const transactionNames = [
  'registration',
  'presence',
  'im',
  'xmpp-im',
  'persistent-chat',
  'push-notification',
  'av-edge',
  'sip-federation',
  'xmpp-federation',
] as const;
export type TransactionName = (typeof transactionNames)[number];

/** What every transaction has, beside the keys of its own. */
export interface TransactionSettings {
  readonly title: string;
  readonly group: string | undefined;
  /** NCRONTAB, six fields, UTC. */
  readonly schedule: string;
  readonly deadlineMs: number | undefined;
  readonly degradedAboveMs: number | undefined;
}
