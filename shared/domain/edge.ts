import type { Secret } from './secret.js';

/** How an edge speaks: Microsoft's protocols, or the open standards alone. */
export const dialects = ['lync', 'rfc'] as const;
export type Dialect = (typeof dialects)[number];

/** One monitored deployment, as the transactions see it: settings already checked, no secret inside. */
export interface Edge {
  readonly name: string;
  readonly title: string;
  readonly dialect: Dialect;
  readonly sipDomain: string;
  /** Where the Access Edge is; undefined means that it is found as a client finds it. */
  readonly accessEdge: AccessEdge | undefined;
  /** The User-Agent header field to send; undefined means our own. */
  readonly userAgent: string | undefined;
}

export interface AccessEdge {
  readonly host: string;
  readonly port: number;
  readonly transport: SipTransport;
  /** Connect here, while `host` still names the server and its certificate. */
  readonly address: string | undefined;
}

/** `tcp` is for a lab: the password's digest and every message cross the network in clear. */
export type SipTransport = 'tls' | 'tcp';

/** A test account with its secret resolved. */
export interface Account {
  /** `sip:user@domain` */
  readonly sipAddress: string;
  /** What the server authenticates: `user`, `DOMAIN\user` or `user@domain`. */
  readonly userName: string;
  readonly password: Secret;
}

/** The two test accounts of an edge. */
export type PairRole = 'first' | 'second';

/** Those, and the XMPP users of transactions that sign in at an XMPP server: their user name is the bare JID. */
export type AccountRole = PairRole | 'receiver' | 'firstMember' | 'secondMember';
