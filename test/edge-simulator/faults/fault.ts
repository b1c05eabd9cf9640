import type { CertificateKind } from '../certificates/leaf.js';
import type { DnsFault } from '../dns/zones.js';
import type { RelayScript } from '../relay/relayScript.js';
import type { AuthenticationPolicy } from '../services/authentication.js';
import type { LyncPolicy } from '../services/lync/lyncPolicy.js';
import type { Exchange, Outgoing, OutgoingRequest } from '../services/service.js';
import type { SipAnswer } from '../sip/answer.js';
import type { SipRequest } from '../sip/message.js';
import type { XmppFault } from '../xmpp/xmppFault.js';
import type { Action } from './action.js';

/** One thing that can be wrong with an edge. Each field is a hook: what is absent works as usual. */
export interface Fault {
  readonly name: string;
  /** One line for `--list-faults` and GET /faults. */
  readonly description: string;
  /** The delay it uses unless told otherwise; only faults that have one can be given one. */
  readonly delayMs?: number;
  /** What happens to a new connection instead of TLS. */
  readonly accept?: Acceptance;
  /** What differs in the TLS handshake. */
  readonly tls?: Partial<TlsProfile>;
  /** After the handshake nothing is answered. */
  readonly mute?: boolean;
  /** How users are authenticated. */
  readonly policy?: Partial<AuthenticationPolicy>;
  /** How the front end of dialect lync behaves. */
  readonly lync?: Partial<LyncPolicy>;
  /** What DNS says. */
  readonly dns?: DnsFault;
  /** The gateway to XMPP, the way in for other domains there, and the partner's server. */
  readonly xmpp?: XmppFault;
  /** The media relay of dialect lync. */
  readonly relay?: RelayFault;
  /** The hooks of this name for the listener that other domains connect to, which is served apart. */
  readonly federation?: FederationFault;
  /** Answers a request before any service sees it. */
  readonly instead?: (exchange: Exchange) => SipAnswer | undefined;
  /** Changes what a service answered. */
  readonly change?: (answer: SipAnswer, exchange: Exchange) => SipAnswer;
  /** Changes what goes over the wire for an answer. */
  readonly deliver?: (actions: readonly Action[], delivery: Delivery) => readonly Action[];
  /** Takes away, adds or exchanges what services send at one moment, mostly because of a request: answers, notifications, relayed messages. */
  readonly arrange?: (outgoing: readonly Outgoing[], exchange: Exchange | undefined) => readonly Outgoing[];
  /** Changes what goes over the wire for a request of a service. */
  readonly send?: (actions: readonly Action[], sending: Sending) => readonly Action[];
}

/** What can be wrong with the way in for other domains. */
export type FederationFault = Pick<Fault, 'accept' | 'tls' | 'mute' | 'instead'>;

/** What can be wrong with the media relay; `tcp`: its TCP port is closed, or a TLS server answers there. */
export interface RelayFault extends RelayScript {
  readonly tcp?: 'refuse' | 'tls';
}

/** `refuse`: the port is closed. `silent`: accepted, never answered. `close`: closed at once. `clear`: SIP without TLS. */
export type Acceptance = 'serve' | 'refuse' | 'silent' | 'close' | 'clear';

/** How the server side of a handshake behaves. */
export interface TlsProfile {
  readonly certificate: CertificateKind;
  readonly minVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** OpenSSL cipher list; undefined is Node's own. */
  readonly ciphers: string | undefined;
  readonly clientCertificate: boolean;
}

/** What a wire fault may look at: the request, and the answer that `actions` would send. */
export interface Delivery {
  readonly exchange: Exchange;
  readonly answer: SipAnswer;
  readonly delayMs: number;
}

/** What a fault of a service's request may look at. */
export interface Sending {
  readonly outgoing: OutgoingRequest;
  readonly delayMs: number;
  /** The bytes of a request over the same connection, signed where requests are. */
  readonly write: (request: SipRequest) => Buffer;
}

/** A fault that is on, with the delay it was given. */
export interface ActiveFault {
  readonly fault: Fault;
  readonly delayMs: number;
}
