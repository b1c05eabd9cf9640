import { createHash } from 'node:crypto';
import { createConnection, type Socket } from 'node:net';
import type { Clock } from '../../../shared/domain/clock.js';
import { namespaces, written, type XmlElement } from './element.js';
import type { Gateway, XmppWay } from './gateway.js';
import { type ChatMessage, readMessage, writeError, writeMessage } from './stanzas.js';
import { type StreamHeader, StreamReader } from './streamReader.js';

/** A real XMPP server that lets the gateway in as the component of the SIP domain (XEP-0114). */
export interface ComponentServer {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/** The gateway's connection to it, which is made again whenever it is lost. */
export interface Component extends XmppWay {
  close(): void;
}

const againMs = 500;
const patienceMs = 5_000;

/** Connects; resolves when the server has let the gateway in. Rejects when it hangs up instead, and after five seconds. */
export async function openComponent(
  server: ComponentServer,
  domain: string,
  gateway: Gateway,
  clock: Clock,
): Promise<Component> {
  const component = new ComponentClient(server, domain, gateway, clock);
  gateway.connect(component);
  const { host, port } = server;
  const stopWaiting = clock.after(patienceMs, () => component.close());
  const admitted = await component.admitted;
  stopWaiting();
  if (!admitted) {
    component.close();
    throw new Error(`the XMPP server at ${host}:${port} did not let the gateway in as ${domain}`);
  }
  return component;
}

class ComponentClient implements Component {
  /** How the first connection ended, or that it did not. */
  readonly admitted: Promise<boolean>;
  readonly #server: ComponentServer;
  readonly #domain: string;
  readonly #gateway: Gateway;
  readonly #clock: Clock;
  #socket: Socket | undefined;
  #open = false;
  #closed = false;
  #decide = (_admitted: boolean): void => undefined;
  #stopWaiting = (): void => undefined;

  constructor(server: ComponentServer, domain: string, gateway: Gateway, clock: Clock) {
    this.#server = server;
    this.#domain = domain;
    this.#gateway = gateway;
    this.#clock = clock;
    this.admitted = new Promise((resolve) => {
      this.#decide = resolve;
    });
    this.#connect();
  }

  get open(): boolean {
    return this.#open;
  }

  send(message: ChatMessage): void {
    if (this.#open) this.#socket?.write(writeMessage(message));
  }

  close(): void {
    this.#closed = true;
    this.#stopWaiting();
    this.#socket?.destroy();
  }

  #connect(): void {
    const { host, port } = this.#server;
    const socket = createConnection({ host, port, noDelay: true });
    const reader = new StreamReader();
    this.#socket = socket;
    socket.on('connect', () => {
      const spaces = `xmlns="${namespaces.component}" xmlns:stream="${namespaces.stream}"`;
      socket.write(`<?xml version="1.0"?><stream:stream ${spaces} to="${this.#domain}">`);
    });
    socket.on('data', (bytes: Buffer) => {
      for (const item of reader.push(bytes)) {
        if (item.kind === 'header') this.#prove(item.header);
        else if (item.kind === 'element') this.#element(item.element);
        else socket.destroy();
      }
    });
    // An error is always followed by close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#decide(false);
      this.#open = false;
      if (!this.#closed) this.#stopWaiting = this.#clock.after(againMs, () => this.#connect());
    });
  }

  /** XEP-0114 section 3: the secret is proved with the id of the stream. */
  #prove({ attributes }: StreamHeader): void {
    const id = attributes.get('id') ?? '';
    const digest = createHash('sha1').update(`${id}${this.#server.secret}`).digest('hex');
    this.#socket?.write(written('handshake', {}, digest));
  }

  #element(stanza: XmlElement): void {
    const { name, namespace, attributes } = stanza;
    if (namespace !== namespaces.component) return;
    if (name === 'handshake') {
      this.#open = true;
      this.#decide(true);
      return;
    }
    const [type, from, to = '', id] = ['type', 'from', 'to', 'id'].map((key) => attributes.get(key));
    if (name === 'iq' && (type === 'get' || type === 'set')) {
      this.#socket?.write(writeError('iq', { from: to, to: from, id }, 'service-unavailable'));
    }
    if (name !== 'message') return;
    const message = readMessage(stanza);
    if (type === 'error') this.#gateway.returned({ from: to, to: from ?? '' }, conditionOf(stanza));
    const condition = message && this.#gateway.arrived(message);
    if (condition !== undefined) this.#socket?.write(writeError('message', { from: to, to: from, id }, condition));
  }
}

function conditionOf({ children }: XmlElement): string {
  const error = children.find(({ name }) => name === 'error');
  return (
    error?.children.find(({ namespace, name }) => namespace === namespaces.stanzaErrors && name !== 'text')?.name ??
    'undefined-condition'
  );
}
