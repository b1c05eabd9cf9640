import type { Clock } from '../../../domain/clock.js';
import type { Scope } from '../../../domain/scope.js';
import type { Connection } from '../../net/startTls.js';
import type { SipAnswer } from '../answer.js';
import { SipExchange } from '../exchange.js';
import { hostPortOf, toUri } from '../sipCore.js';
import type { Trace } from '../trace.js';

/** A server of another domain, as whoever accepts its certificate sees it. */
export interface FederatedPeer {
  readonly peer: string;
  /** Asks what `sipDomain` can do (RFC 3261 section 11). */
  options(sipDomain: string, scope: Scope): Promise<SipAnswer>;
  close(): void;
}

export interface PeerOptions {
  /** The name in the certificate that was shown: a request from another one would be taken for a forgery. */
  readonly host: string;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Letters and digits from a cryptographic source. */
  readonly token: (length: number) => string;
  readonly trace?: Trace;
}

/** Speaks SIP over a connection on which both sides have shown a certificate. */
export function openFederatedPeer(connection: Connection, options: PeerOptions): FederatedPeer {
  const { host, userAgent, clock, token, trace } = options;
  const localAddress = hostPortOf(connection);
  const from = `sip:${host}`;
  const identity = { sipAddress: from, contactUri: `${from};transport=tls`, localAddress, userAgent };
  const exchange = new SipExchange(connection, identity, clock, trace);
  return {
    peer: connection.peer,
    options(sipDomain, scope) {
      const to = toUri(`sip:${sipDomain}`);
      const request = { callId: token(24), fromTag: token(10), cseq: 1 };
      const headers = [`Contact: <${identity.contactUri}>`, 'Accept: application/sdp'];
      return exchange.request(
        exchange.core.makeOutgoingRequestMessage('OPTIONS', to, toUri(from), to, request, headers),
        scope,
      );
    },
    close: () => exchange.close(),
  };
}
