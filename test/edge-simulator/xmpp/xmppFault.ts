import type { CertificateKind } from '../certificates/leaf.js';
import type { FederationForm } from './federationServer.js';
import type { GatewayState } from './gateway.js';
import type { ChatMessage } from './stanzas.js';

/** What can be wrong with one of the servers that the `_xmpp-server._tcp` records name. */
export interface XmppServerFault extends Partial<FederationForm> {
  readonly accept?: 'refuse' | 'silent' | 'close';
  readonly certificate?: CertificateKind;
}

/** What can be wrong with XMPP. Each field is a hook: what is absent works as usual. */
export interface XmppFault {
  /** What the gateway does with requests for users of the XMPP domain. */
  readonly gateway?: Exclude<GatewayState, 'open'>;
  /** What becomes of a message that the gateway took; undefined: it is lost. */
  readonly outward?: (message: ChatMessage) => ChatMessage | undefined;
  /** The condition with which the partner returns messages of the SIP domain. */
  readonly refusesOutward?: string;
  /** The condition with which messages for the SIP domain are returned. */
  readonly refusesInward?: string;
  /** The server of the best priority, and the one that stands by. */
  readonly active?: XmppServerFault;
  readonly standby?: XmppServerFault;
  /** The partner's server, as its users meet it. */
  readonly partner?: {
    readonly accept?: 'refuse';
    /** The SASL condition of every sign-in. */
    readonly refusal?: string;
    readonly offersTls?: false;
    readonly certificate?: CertificateKind;
  };
}
