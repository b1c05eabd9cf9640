import { fail, ProbeError } from '../../../domain/diagnosis.js';
import type { ServerAuthentication } from '../../../domain/federationRoute.js';
import { diagnoseStreamEnd } from '../diagnoseStream.js';
import { childOf, isElement, type XmlElement } from '../element.js';
import { readStreamError } from '../streamError.js';
import { streamNamespace } from '../streamReader.js';
import { diagnoseServerError, diagnoseUnexpected, type Expected } from './diagnoseServer.js';
import type { Heard, ServerStream } from './serverStream.js';

/** RFC 2606: a name that nobody has, so that no server takes the prober for one of its partners. */
const ownDomain = 'edge-probes.invalid';
const serverNamespace = 'jabber:server';
const dialbackNamespace = 'jabber:server:dialback';
/** XEP-0220 section 2.3 */
const dialbackFeature = 'urn:xmpp:features:dialback';
const tlsNamespace = 'urn:ietf:params:xml:ns:xmpp-tls';
const saslNamespace = 'urn:ietf:params:xml:ns:xmpp-sasl';

/** What every part of the conversation with one server needs. */
export interface Talk {
  readonly stream: ServerStream;
  /** `edge1.contoso.com at 192.0.2.10:5269`, for error texts. */
  readonly peer: string;
  /** The domain that the stream is for. */
  readonly domain: string;
  readonly signal: AbortSignal;
}

/** What a server says of itself when a stream begins. */
interface Opened {
  readonly features: XmlElement;
  /** Declared in the stream header, as servers of before XEP-0220 version 0.5 say that they know dialback. */
  readonly declaresDialback: boolean;
}

/** Opens a stream to the domain (RFC 6120 section 4.2) and waits for the features. Throws a `ProbeError`. */
export async function openStream(talk: Talk): Promise<Opened> {
  talk.stream.send(
    `<?xml version='1.0'?><stream:stream xmlns='${serverNamespace}' xmlns:stream='${streamNamespace}'` +
      ` xmlns:db='${dialbackNamespace}' from='${ownDomain}' to='${talk.domain}' version='1.0' xml:lang='en'>`,
  );
  const header = await talk.stream.next(talk.signal);
  if (header.kind !== 'header') return refuse(talk, 'stream header', header);
  const { namespaces } = header.header;
  const namespace = namespaces[''] ?? '';
  if (namespace !== serverNamespace) {
    const error = `${talk.peer} opened a stream of "${namespace}", expected "${serverNamespace}"`;
    fail('XMPP_SERVER_STREAM_INVALID', { error });
  }
  const { version } = header.header.attributes;
  if (version === undefined) throw new ProbeError(diagnoseStreamEnd('features', talk.peer, { kind: 'version' }));
  const features = await talk.stream.next(talk.signal);
  if (features.kind !== 'element' || !isElement(features.element, 'features', streamNamespace)) {
    return refuse(talk, 'stream features', features);
  }
  const declaresDialback = Object.values(namespaces).includes(dialbackNamespace);
  return { features: features.element, declaresDialback };
}

/** Asks for TLS (RFC 6120 section 5.4.2); when it returns, the next bytes are those of the handshake. Throws a `ProbeError`. */
export async function negotiateStartTls(talk: Talk, { features }: Opened): Promise<void> {
  const { stream, peer } = talk;
  if (!childOf(features, 'starttls', tlsNamespace)) {
    fail('XMPP_SERVER_STARTTLS_MISSING', { error: `${peer} does not offer STARTTLS` });
  }
  stream.send(`<starttls xmlns='${tlsNamespace}'/>`);
  const answer = await stream.next(talk.signal);
  if (answer.kind === 'element' && isElement(answer.element, 'failure', tlsNamespace)) {
    fail('XMPP_SERVER_STARTTLS_REFUSED', { error: `${peer} offered STARTTLS and answered failure to it` });
  }
  if (answer.kind !== 'element' || !isElement(answer.element, 'proceed', tlsNamespace)) {
    return refuse(talk, 'answer to STARTTLS', answer);
  }
  // Whatever stands between proceed and the handshake was put there by somebody who cannot encrypt (RFC 6120 section 5.4.3.3).
  if (stream.unread > 0) {
    fail('XMPP_SERVER_STREAM_INVALID', { error: `${peer} sent more in clear after it had agreed to STARTTLS` });
  }
  stream.detach();
}

/** How a partner may authenticate, as offered after TLS. Throws a `ProbeError` where there is no way. */
export function requireAuthentication(peer: string, opened: Opened): readonly ServerAuthentication[] {
  const mechanisms = childOf(opened.features, 'mechanisms', saslNamespace)?.children ?? [];
  const external = mechanisms.some(({ name, text }) => name === 'mechanism' && text.trim() === 'EXTERNAL');
  const dialback = opened.declaresDialback || childOf(opened.features, 'dialback', dialbackFeature) !== undefined;
  if (!external && !dialback) {
    fail('XMPP_SERVER_AUTHENTICATION_MISSING', { error: `${peer} offers neither SASL EXTERNAL nor dialback` });
  }
  return [...(external ? (['EXTERNAL'] as const) : []), ...(dialback ? (['dialback'] as const) : [])];
}

/**
 * Closes the stream as RFC 6120 section 4.4 asks for, and gives the other side time to do so, until the signal aborts. That it does
 * not is no failure: nothing was left to be said. Never rejects.
 */
export async function closeStream({ stream, signal }: Talk): Promise<void> {
  stream.send('</stream:stream>');
  for (let heard = await stream.next(signal); heard.kind === 'element'; ) heard = await stream.next(signal);
}

function refuse({ stream, peer, domain }: Talk, expected: Expected, heard: Heard): never {
  const error = heard.kind === 'element' ? readStreamError(heard.element) : undefined;
  if (error) throw new ProbeError(diagnoseServerError(peer, domain, expected, error));
  throw new ProbeError(diagnoseUnexpected(peer, expected, heard, stream.pendingText));
}
