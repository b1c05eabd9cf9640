import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { HandshakeHandlers } from '../net/handshake.js';
import { namespaces, written, type XmlElement } from './element.js';
import { type StreamHeader, StreamReader } from './streamReader.js';

const idleMs = 120_000;

/** What a server says when a stream is opened: what it offers, as XML, or the stream error that ends it. */
export type Opening = { readonly features: string } | { readonly refused: string };

export interface ServerStreamOptions {
  /** `jabber:client` or `jabber:server`. */
  readonly content: string;
  /** Whom the server speaks for. */
  readonly domain: string;
  /** Further namespaces that its headers declare, as text. */
  readonly declarations?: string;
  /** TLS has begun already. */
  readonly secured: boolean;
  /** Begins TLS on the connection after STARTTLS. */
  startTls(socket: Socket, handlers: HandshakeHandlers): void;
}

/** What a server does in its streams. */
export interface StreamHandlers {
  /** A client opened its stream to the domain. */
  opened(): Opening;
  element(element: XmlElement): void;
  /** The connection has gone. */
  closed(): void;
}

/** The server's side of a connection with XML streams (RFC 6120 section 4): headers, STARTTLS, errors and the end. */
export class ServerStream {
  readonly #options: ServerStreamOptions;
  readonly #handlers: StreamHandlers;
  #socket: Socket;
  #reader = new StreamReader();
  #secured: boolean;
  #answered = false;
  #over = false;

  constructor(socket: Socket, options: ServerStreamOptions, handlers: StreamHandlers) {
    this.#socket = socket;
    this.#options = options;
    this.#handlers = handlers;
    this.#secured = options.secured;
    this.#listen(socket);
  }

  get secured(): boolean {
    return this.#secured;
  }

  send(text: string): void {
    if (!this.#over && this.#socket.writable) this.#socket.write(text);
  }

  /** The client opens its stream anew, as it does after SASL (RFC 6120 section 6.4.6). */
  restart(): void {
    this.#answered = false;
    this.#reader = new StreamReader();
  }

  /** Ends the stream by an error (RFC 6120 section 4.9); a header of our own goes out first where none did. */
  fail(condition: string): void {
    if (!this.#answered) this.#open();
    this.send(written('stream:error', {}, written(condition, { xmlns: namespaces.streamErrors })));
    this.#close();
  }

  /** Agrees to TLS and begins it; the client's next stream comes over it. */
  upgrade(): void {
    const socket = this.#socket;
    socket.removeAllListeners('data').removeAllListeners('timeout').setTimeout(0);
    // What it sent behind its wish came in clear and counts for nothing (RFC 6120 section 5.4.3.3).
    this.restart();
    // What it sends from now on is the beginning of its handshake, and is kept for it.
    socket.pause();
    socket.write(written('proceed', { xmlns: namespaces.tls }), () => {
      if (socket.destroyed) return;
      this.#options.startTls(socket, {
        secured: (stream) => {
          this.#secured = true;
          this.#socket = stream;
          this.#listen(stream);
        },
        failed: () => socket.destroy(),
      });
    });
  }

  destroy(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.setTimeout(idleMs, () => (this.#over ? socket.destroy() : this.fail('connection-timeout')));
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    // An error is always followed by close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (socket !== this.#socket) return;
      this.#over = true;
      this.#handlers.closed();
    });
  }

  #receive(bytes: Buffer): void {
    const reader = this.#reader;
    for (const item of reader.push(bytes)) {
      if (this.#over || reader !== this.#reader) return;
      if (item.kind === 'header') this.#opened(item.header);
      else if (item.kind === 'broken') this.fail(item.condition);
      else if (item.kind === 'end') this.#close();
      else this.#handlers.element(item.element);
    }
  }

  #opened(header: StreamHeader): void {
    this.#open();
    const refused = this.#flawOf(header);
    const opening = refused === undefined ? this.#handlers.opened() : { refused };
    if ('refused' in opening) this.fail(opening.refused);
    else this.send(written('stream:features', {}, opening.features));
  }

  #flawOf({ content, attributes }: StreamHeader): string | undefined {
    if (content !== this.#options.content) return 'invalid-namespace';
    if (attributes.get('version') !== '1.0') return 'unsupported-version';
    return attributes.get('to')?.toLowerCase() === this.#options.domain ? undefined : 'host-unknown';
  }

  #open(): void {
    const { content, domain, declarations = '' } = this.#options;
    this.#answered = true;
    const id = randomBytes(8).toString('hex');
    const spaces = `xmlns="${content}" xmlns:stream="${namespaces.stream}"${declarations}`;
    this.send(`<?xml version="1.0"?><stream:stream ${spaces} from="${domain}" id="${id}" version="1.0">`);
  }

  #close(): void {
    this.send('</stream:stream>');
    this.#over = true;
    this.#socket.end();
  }
}
