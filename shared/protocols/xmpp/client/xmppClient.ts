import { xml } from '@xmpp/client';
import type { Clock } from '../../../domain/clock.js';
import { fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Account } from '../../../domain/edge.js';
import type { Scope } from '../../../domain/scope.js';
import type { TcpConnection } from '../../net/connectTcp.js';
import { type Connection, withoutTls } from '../../net/startTls.js';
import { diagnoseMissing } from '../diagnoseStream.js';
import type { StreamEnd } from '../streamEnd.js';
import type { Trace } from '../trace.js';
import { bareAddress, isSameBareAddress, readAddress } from './address.js';
import { authenticate } from './authenticate.js';
import { bindResource } from './bind.js';
import { readFeatures } from './features.js';
import type { XmppService, XmppTarget } from './findXmppServer.js';
import { isAnswer, pingRequest } from './iq.js';
import {
  bodyOf,
  isMessage,
  isRefusalOf,
  type MessageOutcome,
  type MessageToSend,
  messageStanza,
  toOutcome,
  type WantedMessage,
} from './message.js';
import { requestTls } from './requestTls.js';
import { isRemoval, RoomOccupant, type XmppRoom } from './room.js';
import { XmppStream } from './xmppStream.js';

export interface XmppSignIn {
  /** Whose user name is the bare JID. */
  readonly account: Account;
  /** Where it signs in; undefined means that it is found as a client finds it. */
  readonly service: XmppService | undefined;
}

/** What a client needs of the world. */
export interface XmppTools {
  readonly findServer: (domain: string, service: XmppService | undefined, scope: Scope) => Promise<XmppTarget>;
  readonly connectTcp: (target: XmppTarget, scope: Scope) => Promise<TcpConnection>;
  readonly startTls: (tcp: TcpConnection, scope: Scope) => Promise<Connection>;
  readonly clock: Clock;
  /** Letters and digits from a cryptographic source. */
  readonly token: (length: number) => string;
  readonly trace?: Trace;
}

/** What a wait for a message came to: the message, its refusal, or why there is neither. */
export type AwaitedMessage =
  | MessageOutcome
  | { readonly kind: 'timeout'; readonly limitMs: number; readonly pendingCharacters: number }
  | { readonly kind: 'ended'; readonly end: StreamEnd };

/** An XMPP client for one user (RFC 6120, 6121). The steps of signing in are to be taken in their order. */
export interface XmppClient {
  /** The full address once signed in, before that the bare one. */
  readonly jid: string;
  /** `xmpp.partner.example at 192.0.2.30:5222`, for error texts; the domain before there is a connection. */
  readonly peer: string;
  /** Finds the servers of the user's domain. Throws a `ProbeError` of layer `dns`. */
  resolve(scope: Scope): Promise<XmppTarget>;
  /** Connects to the first that takes a connection. Throws a `ProbeError` of layer `tcp`. */
  connect(scope: Scope): Promise<void>;
  /** TLS, at once or by STARTTLS, as the server has it; the certificate must name the domain. Throws a `ProbeError`. */
  secure(scope: Scope): Promise<void>;
  /** SASL and resource binding. Throws a `ProbeError`. */
  authenticate(scope: Scope): Promise<void>;
  /** Becomes available for messages to the bare address; returns when the server has taken note. Throws a `ProbeError`. */
  announce(scope: Scope): Promise<void>;
  /** Sends a chat message. Nothing confirms it; what comes back comes to `awaitMessage`. */
  sendMessage(message: MessageToSend): void;
  /** Waits for a message to this user. Never throws; one that came before is found too. */
  awaitMessage(wanted: WantedMessage, scope: Scope): Promise<AwaitedMessage>;
  /** A room (XEP-0045) and the nickname to go by there. */
  room(address: string, nickname: string): XmppRoom;
  /** Becomes unavailable and closes the stream; gives the server as long as `scope` allows, then drops the connection. Never throws. */
  signOut(scope: Scope): Promise<void>;
  /** Drops the connection at once; may be called again. */
  close(): void;
}

export function openXmppClient(user: XmppSignIn, tools: XmppTools): XmppClient {
  return new Client(user, tools);
}

class Client implements XmppClient {
  readonly #user: XmppSignIn;
  readonly #tools: XmppTools;
  readonly #domain: string;
  #jid: string;
  #peer: string;
  #target: XmppTarget | undefined;
  #tcp: TcpConnection | undefined;
  #connection: Connection | undefined;
  #stream: XmppStream | undefined;
  #available = false;

  constructor(user: XmppSignIn, tools: XmppTools) {
    this.#user = user;
    this.#tools = tools;
    this.#jid = bareAddress(user.account.userName);
    this.#domain = readAddress(this.#jid)?.domain ?? this.#jid;
    this.#peer = this.#domain;
  }

  get jid(): string {
    return this.#jid;
  }

  get peer(): string {
    return this.#peer;
  }

  async resolve(scope: Scope): Promise<XmppTarget> {
    this.#target = await this.#tools.findServer(this.#domain, this.#user.service, scope);
    return this.#target;
  }

  async connect(scope: Scope): Promise<void> {
    this.#tcp = await this.#tools.connectTcp(reached(this.#target, 'resolve'), scope);
    this.#peer = this.#tcp.peer;
  }

  async secure(scope: Scope): Promise<void> {
    const tcp = reached(this.#tcp, 'connect');
    const used = this.#target?.candidates.find((candidate) => candidate === tcp.candidate);
    if (!used?.directTls) await this.#requestTls(tcp, scope);
    // Closing the TLS socket closes both; if the handshake fails, both are closed already.
    this.#tcp = undefined;
    this.#connection = await this.#tools.startTls(tcp, scope);
  }

  async authenticate(scope: Scope): Promise<void> {
    const { token } = this.#tools;
    const { account } = this.#user;
    const stream = this.#openStream(reached(this.#connection, 'secure'), { jid: this.#jid });
    this.#stream = stream;
    const name = readAddress(this.#jid)?.local ?? '';
    const identity = { jid: this.#jid, name, password: account.password };
    await authenticate(stream, readFeatures(await stream.open(scope)), identity, this.#tools, scope);
    const features = readFeatures(await stream.open(scope));
    this.#jid = await bindResource(stream, features, `edge-probes-${token(8)}`, token, scope);
    // Presence of others comes in any number and is of no interest, but that a room has removed us.
    stream.inbox.keep = (element) => isMessage(element) || isRemoval(element);
    stream.answerRequests();
  }

  async announce(scope: Scope): Promise<void> {
    const stream = reached(this.#stream, 'authenticate');
    const id = this.#tools.token(16);
    // The highest priority, so that another device of the account does not get the messages instead.
    stream.send(xml('presence', {}, xml('priority', {}, '127')));
    this.#available = true;
    // Stanzas are taken in order (RFC 6120 section 10.1): once this is answered, the presence has been seen.
    stream.send(pingRequest(id, this.#domain));
    const arrival = await stream.inbox.take((element) => isAnswer(element, id), scope);
    if (arrival.kind === 'item') return;
    throw new ProbeError(diagnoseMissing('answer to a ping', this.peer, arrival, 'XMPP_PING_TIMEOUT'));
  }

  sendMessage(message: MessageToSend): void {
    reached(this.#stream, 'authenticate').send(messageStanza(message, 'chat'));
  }

  async awaitMessage({ token, from, sentId }: WantedMessage, scope: Scope): Promise<AwaitedMessage> {
    const { inbox } = reached(this.#stream, 'authenticate');
    const arrival = await inbox.take((element) => {
      if (isRefusalOf(element, sentId)) return true;
      const { type, from: sender } = element.attributes;
      const bySender = from === undefined || isSameBareAddress(sender, from);
      return (
        isMessage(element) && type !== 'error' && type !== 'groupchat' && bySender && bodyOf(element).includes(token)
      );
    }, scope);
    return arrival.kind === 'item' ? toOutcome(arrival.item) : arrival;
  }

  room(address: string, nickname: string): XmppRoom {
    return new RoomOccupant(reached(this.#stream, 'authenticate'), address, nickname, this.#tools.token);
  }

  async signOut(scope: Scope): Promise<void> {
    if (this.#available) this.#stream?.send(xml('presence', { type: 'unavailable' }));
    this.#available = false;
    await this.#stream?.end(scope);
    this.close();
  }

  close(): void {
    this.#stream?.close();
    this.#connection?.close();
    this.#tcp?.close();
  }

  async #requestTls(tcp: TcpConnection, scope: Scope): Promise<void> {
    const stream = this.#openStream(withoutTls(tcp), undefined);
    try {
      await requestTls(stream, scope);
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  #openStream(connection: Connection, user: { readonly jid: string } | undefined): XmppStream {
    const { clock, trace } = this.#tools;
    return new XmppStream({ connection, domain: this.#domain, user, clock, trace });
  }
}

/** What an earlier step has brought. A transaction that leaves one out is wrong. */
function reached<T>(value: T | undefined, step: string): T {
  return value ?? fail('PROBER_UNEXPECTED_ERROR', { error: `the XMPP client was used before ${step}` });
}
