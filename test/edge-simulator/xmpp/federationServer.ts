import type { Socket } from 'node:net';
import type { HandshakeHandlers } from '../net/handshake.js';
import { namespaces, written, type XmlElement } from './element.js';
import { type Opening, ServerStream } from './serverStream.js';

/** How a server for other domains presents itself; faults change it while it runs. */
export interface FederationForm {
  readonly startTls: 'offered' | 'refused' | 'missing';
  /** A stream error in the place of features. */
  readonly refused: string | undefined;
  readonly dialback: boolean;
}

export interface FederationServerOptions {
  readonly domain: string;
  form(): FederationForm;
  startTls(socket: Socket, handlers: HandshakeHandlers): void;
}

const mostConnections = 100;

/**
 * The Edge's XMPP proxy as servers of other domains meet it (RFC 6120, XEP-0220): streams, STARTTLS, and dialback offered. Nobody
 * authenticates here: the simulated partner hands its messages over without a stream.
 */
export class FederationServer {
  readonly #options: FederationServerOptions;
  readonly #streams = new Set<ServerStream>();
  #accepted = 0;

  constructor(options: FederationServerOptions) {
    this.#options = options;
  }

  get accepted(): number {
    return this.#accepted;
  }

  accept(socket: Socket): void {
    if (this.#streams.size >= mostConnections) {
      socket.destroy();
      return;
    }
    this.#accepted += 1;
    const { domain, startTls, form } = this.#options;
    const { dialback } = form();
    const declarations = dialback ? ` xmlns:db="${namespaces.dialback}"` : '';
    const stream = new ServerStream(
      socket,
      { content: namespaces.server, domain, secured: false, declarations, startTls },
      {
        opened: () => this.#opened(stream),
        element: (element) => this.#element(element, stream),
        closed: () => this.#streams.delete(stream),
      },
    );
    this.#streams.add(stream);
  }

  close(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  #opened({ secured }: ServerStream): Opening {
    const { refused, startTls, dialback } = this.#options.form();
    if (refused !== undefined) return { refused };
    if (!secured && startTls !== 'missing') {
      return { features: written('starttls', { xmlns: namespaces.tls }, '<required/>') };
    }
    return { features: dialback ? written('dialback', { xmlns: namespaces.dialbackFeature }, '<errors/>') : '' };
  }

  #element(element: XmlElement, stream: ServerStream): void {
    const { startTls } = this.#options.form();
    const { namespace, name } = element;
    const asksTls = namespace === namespaces.tls && name === 'starttls' && !stream.secured;
    if (asksTls && startTls === 'offered') stream.upgrade();
    else if (asksTls && startTls === 'refused') {
      stream.send(written('failure', { xmlns: namespaces.tls }));
      stream.fail('undefined-condition');
    } else if (namespace === namespaces.dialback && stream.secured) stream.send(answerToDialback(element));
    else stream.fail('not-authorized');
  }
}

/** It comes to nothing: the key of a stranger is not fetched, and no key of ours is out there. */
function answerToDialback({ name, attributes }: XmlElement): string {
  const [from, to, id] = ['to', 'from', 'id'].map((key) => attributes.get(key));
  if (name === 'verify') return written('db:verify', { from, to, id, type: 'invalid' });
  const condition = written('remote-server-not-found', { xmlns: namespaces.stanzaErrors });
  return written('db:result', { from, to, type: 'error' }, written('error', { type: 'cancel' }, condition));
}
