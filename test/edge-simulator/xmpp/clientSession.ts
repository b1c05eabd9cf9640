import { randomBytes } from 'node:crypto';
import { escaped } from '../sip/xmlTree.js';
import { childOf, namespaces, written, type XmlElement } from './element.js';
import { mechanisms, SaslExchange } from './saslExchange.js';
import type { StoredKey } from './scram.js';
import type { Opening, ServerStream, StreamHandlers } from './serverStream.js';
import { type ChatMessage, readMessage, writeError } from './stanzas.js';

const mostAttempts = 3;
const longestResource = 100;

/** What a client of a domain does with the rest of it. */
export interface ClientWorld {
  readonly domain: string;
  readonly keys: ReadonlyMap<string, StoredKey>;
  /** With what every proof is refused; undefined: as it deserves. */
  refusal(): string | undefined;
  /** Is TLS offered where it has not begun? */
  offersTls(): boolean;
  bound(session: ClientSession): void;
  ended(session: ClientSession): void;
  /** Hands a message on: undefined, or the condition it comes back with. */
  route(message: ChatMessage): string | undefined;
  count(what: 'signIns' | 'refusedSignIns'): void;
}

/** One client's session: STARTTLS, SASL, a resource, and then its stanzas (RFC 6120, 6121). */
export class ClientSession implements StreamHandlers {
  readonly #world: ClientWorld;
  readonly #sasl: SaslExchange;
  #stream: ServerStream | undefined;
  #user: string | undefined;
  #resource: string | undefined;
  #attempts = 0;
  /** Of its presence; undefined while it is not available. */
  #priority: number | undefined;

  constructor(world: ClientWorld) {
    this.#world = world;
    this.#sasl = new SaslExchange(world.keys);
  }

  /** To be called once, at the beginning. */
  begin(stream: ServerStream): void {
    this.#stream = stream;
  }

  get bareAddress(): string {
    return `${this.#user ?? ''}@${this.#world.domain}`;
  }

  get address(): string {
    return `${this.bareAddress}/${this.#resource ?? ''}`;
  }

  get priority(): number | undefined {
    return this.#priority;
  }

  send(text: string): void {
    this.#stream?.send(text);
  }

  /** Ends the session with a stream error. */
  end(condition: string): void {
    this.#stream?.fail(condition);
  }

  opened(): Opening {
    const stream = this.#stream;
    if (!stream?.secured) {
      const starttls = written('starttls', { xmlns: namespaces.tls }, '<required/>');
      return { features: this.#world.offersTls() ? starttls : '' };
    }
    if (this.#user !== undefined) return { features: written('bind', { xmlns: namespaces.bind }) };
    const offered = mechanisms.map((name) => written('mechanism', {}, name)).join('');
    return { features: written('mechanisms', { xmlns: namespaces.sasl }, offered) };
  }

  element(element: XmlElement): void {
    const { namespace, name } = element;
    if (namespace === namespaces.tls && name === 'starttls') this.#startTls();
    else if (namespace === namespaces.sasl) this.#authenticate(element);
    else if (namespace !== namespaces.client || this.#user === undefined) this.end('not-authorized');
    else if (this.#resource === undefined) this.#bind(element);
    else this.#stanza(element);
  }

  closed(): void {
    this.#priority = undefined;
    this.#world.ended(this);
  }

  #startTls(): void {
    const stream = this.#stream;
    if (stream === undefined || stream.secured || !this.#world.offersTls()) this.end('unsupported-stanza-type');
    else stream.upgrade();
  }

  #authenticate(element: XmlElement): void {
    if (this.#user !== undefined) {
      this.end('policy-violation');
      return;
    }
    const { answer, user, refused } = this.#sasl.take(element, this.#stream?.secured === true, this.#world.refusal());
    this.send(answer);
    if (refused) {
      this.#world.count('refusedSignIns');
      this.#attempts += 1;
      if (this.#attempts === mostAttempts) this.end('policy-violation');
    }
    if (user === undefined) return;
    this.#world.count('signIns');
    this.#user = user;
    this.#stream?.restart();
  }

  #bind(element: XmlElement): void {
    const bind = childOf(element, 'bind', namespaces.bind);
    const id = element.attributes.get('id');
    if (element.name !== 'iq' || element.attributes.get('type') !== 'set' || bind === undefined) {
      this.end('not-authorized');
      return;
    }
    const wished = childOf(bind, 'resource', namespaces.bind)?.text.trim() ?? '';
    this.#resource = wished === '' ? randomBytes(6).toString('hex') : wished.slice(0, longestResource);
    this.#world.bound(this);
    const jid = written('jid', {}, escaped(this.address));
    this.send(written('iq', { type: 'result', id }, written('bind', { xmlns: namespaces.bind }, jid)));
  }

  #stanza(stanza: XmlElement): void {
    if (stanza.name === 'presence') this.#announce(stanza);
    else if (stanza.name === 'iq') this.#request(stanza);
    else if (stanza.name === 'message') this.#message(stanza);
    else this.end('unsupported-stanza-type');
  }

  /** Only whether the user is there matters: nobody watches anybody. */
  #announce(presence: XmlElement): void {
    const type = presence.attributes.get('type');
    if (presence.attributes.has('to')) return;
    if (type === 'unavailable') this.#priority = undefined;
    if (type !== undefined) return;
    const wished = Number.parseInt(childOf(presence, 'priority', namespaces.client)?.text ?? '0', 10);
    this.#priority = Number.isNaN(wished) ? 0 : Math.min(Math.max(wished, -128), 127);
  }

  /** A ping and the roster are served, nothing else (RFC 6120 section 8.2.3). */
  #request(iq: XmlElement): void {
    const [type, id, to = this.#world.domain] = ['type', 'id', 'to'].map((name) => iq.attributes.get(name));
    if (type !== 'get' && type !== 'set') return;
    const [payload] = iq.children;
    const served = [namespaces.ping, namespaces.roster].find((namespace) => namespace === payload?.namespace);
    if (type === 'set' || served === undefined || (to !== this.#world.domain && to !== this.bareAddress)) {
      this.send(writeError('iq', { from: to, to: this.address, id }, 'service-unavailable'));
      return;
    }
    const content = served === namespaces.roster ? written('query', { xmlns: served }) : '';
    this.send(written('iq', { type: 'result', from: to, to: this.address, id }, content));
  }

  #message(stanza: XmlElement): void {
    const message = readMessage(stanza);
    if (message === undefined) return;
    // RFC 6120 section 8.1.2.1: the server says who it is from, whatever the client says.
    const condition = this.#world.route({ ...message, from: this.address });
    if (condition === undefined) return;
    this.send(writeError('message', { from: message.to, to: this.address, id: message.id }, condition));
  }
}
