import type { Edge, PairRole } from '../domain/edge.js';

/** A checked probes.json: everything has its default, nothing secret is inside. */
export interface Settings {
  readonly regions: readonly string[];
  /** The region this process runs in; `local` while nothing says which of several it is. */
  readonly ownRegion: string;
  /** How many regions must agree before a component is `down`. */
  readonly quorum: number;
  readonly downAfterRuns: number;
  /** The availability aimed at, above 0 and below 1. */
  readonly objective: number;
  readonly retentionDays: number;
  readonly certificateWarningDays: number;
  /** `address:port` of the DNS servers to ask, IPv6 in brackets; empty means the system's. */
  readonly dnsServers: readonly string[];
  readonly tls: TlsSettings;
  readonly edges: readonly EdgeSettings[];
  readonly maintenance: readonly MaintenanceWindow[];
  readonly public: PublicSettings;
  /** A neutral target that tells "no internet here" from "the Edge is gone". */
  readonly reference: ReferenceTarget | undefined;
}

export interface TlsSettings {
  /** PEM text of the authorities to trust besides the system's. */
  readonly ca: string | undefined;
  readonly minVersion: TlsVersion;
}

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

export interface EdgeSettings {
  readonly edge: Edge;
  readonly accounts: AccountPair;
  /** A region's own pair; it takes the place of `accounts` as a whole. */
  readonly accountsByRegion: Readonly<Record<string, AccountPair>>;
  /** Only the transactions that are configured; one that is absent does not run. */
  readonly transactions: Readonly<Partial<TransactionSettingsByName>>;
}

export type AccountPair = Readonly<Partial<Record<PairRole, AccountSettings>>>;

export interface AccountSettings {
  readonly sipAddress: string;
  readonly userName: string;
  readonly password: SecretReference;
}

/** Where a secret is to be found; never the secret itself. */
export interface SecretReference {
  readonly env: string;
}

/** A planned interruption; a window without `edge` or `transactions` covers all of them. */
export interface MaintenanceWindow {
  /** Milliseconds since the epoch, inclusive. */
  readonly fromMs: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly toMs: number;
  readonly title: string;
  readonly edge: string | undefined;
  readonly transactions: readonly TransactionName[] | undefined;
}

/** What public documents may show beside states, times, codes and their meaning. */
export interface PublicSettings {
  readonly error: boolean;
  readonly serverDiagnosis: boolean;
  readonly observations: boolean;
  readonly targetFqdn: boolean;
}

export interface ReferenceTarget {
  readonly host: string;
  readonly port: number;
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
  /** Undefined means the transaction's own. */
  readonly deadlineMs: number | undefined;
  readonly degradedAboveMs: number | undefined;
}

/** The settings of each transaction, under its name. */
export interface TransactionSettingsByName {
  readonly registration: TransactionSettings;
  readonly presence: PresenceSettings;
  readonly im: TransactionSettings;
  readonly 'xmpp-im': XmppImSettings;
  readonly 'persistent-chat': PersistentChatSettings;
  readonly 'push-notification': PushNotificationSettings;
  readonly 'av-edge': AvEdgeSettings;
  readonly 'sip-federation': SipFederationSettings;
  readonly 'xmpp-federation': XmppFederationSettings;
}

export interface PresenceSettings extends TransactionSettings {
  readonly notifyTimeoutMs: number;
}

export interface XmppImSettings extends TransactionSettings {
  readonly receiver: XmppUser;
}

export interface XmppUser {
  /** Bare JID. */
  readonly jid: string;
  /** The same user as a SIP user addresses it. */
  readonly sipAddress: string;
  /** Undefined: nobody signs in there, and delivery is not seen. */
  readonly password: SecretReference | undefined;
  /** Undefined: found in DNS from the JID's domain. */
  readonly service: XmppService | undefined;
}

export interface XmppService {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`xmpps:`) instead of STARTTLS (`xmpp:`). */
  readonly directTls: boolean;
}

export interface PersistentChatSettings extends TransactionSettings {
  /** `lync`: the room's name; `rfc`: its bare JID. */
  readonly room: string;
  /** `rfc`: an instant room is made where there is none. */
  readonly create: boolean;
  /** The two XMPP users of an `rfc` room; undefined in `lync`, where the test accounts enter it. */
  readonly users: { readonly first: XmppUser; readonly second: XmppUser } | undefined;
}

export interface PushNotificationSettings extends TransactionSettings {
  readonly uri: string;
}

export interface AvEdgeSettings extends TransactionSettings {
  /** Undefined: as the Edge itself says (`lync`), else the host of the Access Edge. */
  readonly host: string | undefined;
  /** Undefined: as the Edge itself says (`lync`); likewise `tcpPort`. */
  readonly udpPort: number | undefined;
  readonly tcpPort: number | undefined;
  /** Undefined: no allocation over TLS is tried. */
  readonly tlsPort: number | undefined;
  /** Undefined: asked for in band (MRAS). */
  readonly credentials: RelayCredentials | undefined;
  /** How many packets the echo through the relay sends. */
  readonly packets: number;
}

/** Long-term credentials, or the secret that time-limited ones are derived from. */
export type RelayCredentials =
  | { readonly kind: 'password'; readonly userName: string; readonly password: SecretReference }
  | { readonly kind: 'shared-secret'; readonly userName: string | undefined; readonly sharedSecret: SecretReference };

export interface SipFederationSettings extends TransactionSettings {
  /** SIP domains whose federation route is looked at beside the own one. */
  readonly partners: readonly string[];
  /** Absolute paths of PEM files. */
  readonly clientCertificate: { readonly certFile: string; readonly keyFile: string } | undefined;
}

export interface XmppFederationSettings extends TransactionSettings {
  /** The host that should have the best SRV priority; undefined: whichever has. */
  readonly expectActive: string | undefined;
  readonly expectStandby: readonly string[];
  readonly port: number;
}
