import type { Clock } from '../../domain/clock.js';
import { ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import { printable } from '../../domain/text.js';
import type { NoAnswer } from './exchange.js';
import type { Link } from './link.js';
import type { AllocateOutcome, DataListener, RelayClient } from './relayClient.js';
import { methods, attributeTypes as types } from './stun/attributes.js';
import { diagnoseError } from './stun/diagnoseError.js';
import { addFingerprint } from './stun/integrity.js';
import { relayUser, type TurnCredentials } from './stun/longTerm.js';
import { attribute, encodeMessage, type StunAttribute, type StunMessage } from './stun/message.js';
import {
  readAddress,
  readSeconds,
  readXorAddress,
  type StunError,
  writeSeconds,
  writeXorAddress,
} from './stun/values.js';
import type { TransportAddress } from './transportAddress.js';
import { type AttributesOf, TurnRequests } from './turnRequests.js';

/** How the relay sees a client, or that it does not answer. */
export type Bound =
  | { readonly kind: 'bound'; readonly reflexive: TransportAddress }
  | ({ readonly kind: 'none' } & NoAnswer);

/** A client of a relay of RFC 8656, which can also be asked as a STUN server. */
export interface StunTurnClient extends RelayClient {
  /** Asks how the relay sees this client (RFC 8489 section 7) and waits at most `limitMs`. */
  binding(scope: Scope, limitMs?: number): Promise<Bound>;
}

/** The transport between relay and peer is UDP, whatever leads to the relay (RFC 8656 section 18.8). */
const transport: StunAttribute = { type: types.requestedTransport, value: Buffer.from([17, 0, 0, 0]) };

/** How long a relay may be silent to its first request: what is left of the step is for finding out why. */
const patienceMs = 5_500;

/** Opens a client on a link that nobody else listens to. */
export function openTurnClient(link: Link, clock: Clock, randomBytes: (length: number) => Buffer): StunTurnClient {
  return new TurnClient(link, clock, randomBytes);
}

class TurnClient implements StunTurnClient {
  readonly peer: string;
  readonly remote: TransportAddress;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #requests: TurnRequests;
  #listener: DataListener = () => {};
  #mayHold = false;

  constructor(link: Link, clock: Clock, randomBytes: (length: number) => Buffer) {
    this.peer = link.peer;
    this.remote = link.remote;
    this.#link = link;
    this.#clock = clock;
    this.#newId = () => randomBytes(12).toString('hex');
    this.#requests = new TurnRequests(link, clock, this.#newId, (message, at) => this.#takeData(message, at));
  }

  get mayHold(): boolean {
    return this.#mayHold;
  }

  get retransmissions(): number {
    return this.#requests.retransmissions;
  }

  async binding(scope: Scope, limitMs = patienceMs): Promise<Bound> {
    const answer = await this.#requests.ask(methods.binding, () => [], scope, { bare: true, limitMs });
    if (answer.kind === 'none') return answer;
    const { message } = answer;
    const error = this.#requests.errorOf(message);
    if (error) throw new ProbeError(diagnoseError(this.peer, methods.binding, error));
    const reflexive = reflexiveOf(message) ?? this.#requests.incomplete(methods.binding, 'without a mapped address');
    return { kind: 'bound', reflexive };
  }

  async allocate(credentials: TurnCredentials | undefined, scope: Scope): Promise<AllocateOutcome> {
    const wanted: AttributesOf = () => [transport];
    const first = await this.#requests.answerTo(methods.allocate, wanted, scope, patienceMs);
    const software = attribute(first, types.software);
    if (software) scope.observe({ relaySoftware: printable(software.toString('utf8'), 100) });
    const refusal = this.#requests.errorOf(first);
    if (!refusal) {
      this.#mayHold = true;
      scope.warn({
        code: 'TURN_RELAY_OPEN',
        message: `${this.peer} gave an allocation without asking for credentials`,
      });
      return this.#allocated(first);
    }
    if (refusal.code !== 401) return this.#turnedAway(first, refusal);
    const challenge = this.#requests.challengeOf(first);
    if (!credentials) return { kind: 'challenged', realm: challenge.realm };

    this.#requests.signAs(relayUser(credentials, this.#clock.now()), challenge);
    // Before the request is sent: its answer may be lost after the allocation was made.
    this.#mayHold = true;
    const answer = await this.#requests.answerTo(methods.allocate, wanted, scope);
    const error = this.#requests.errorOf(answer);
    if (!error) return this.#allocated(answer);
    this.#mayHold = false;
    return this.#turnedAway(answer, error);
  }

  async permit(peer: TransportAddress, scope: Scope): Promise<void> {
    await this.#requests.demand(methods.createPermission, (id) => [peerAddress(peer, id)], scope);
  }

  async release(scope: Scope): Promise<void> {
    this.#mayHold = false;
    await this.#requests.demand(methods.refresh, () => [{ type: types.lifetime, value: writeSeconds(0) }], scope);
  }

  send(to: TransportAddress, data: Buffer): void {
    const id = this.#newId();
    const attributes = [peerAddress(to, id), { type: types.data, value: data }];
    this.#link.send(addFingerprint(encodeMessage(methods.send, 'indication', id, attributes)));
  }

  receive(listener: DataListener): void {
    this.#listener = listener;
  }

  close(): void {
    this.#link.close();
  }

  #takeData(message: StunMessage, at: number): void {
    const data = message.method === methods.data ? attribute(message, types.data) : undefined;
    if (data) this.#listener(data, at);
  }

  #allocated(message: StunMessage): AllocateOutcome {
    const value = attribute(message, types.xorRelayedAddress);
    const relayed = value && readXorAddress(value, message.id);
    return {
      kind: 'allocated',
      relayed: relayed ?? this.#requests.incomplete(methods.allocate, 'without a relayed address'),
      reflexive: reflexiveOf(message),
      lifetimeSeconds: readSeconds(attribute(message, types.lifetime)),
    };
  }

  /** RFC 8489 section 10: 300 names another server. */
  #turnedAway(message: StunMessage, error: StunError): AllocateOutcome {
    if (error.code !== 300) throw new ProbeError(diagnoseError(this.peer, methods.allocate, error));
    const value = attribute(message, types.alternateServer);
    const at = value && readAddress(value);
    return {
      kind: 'alternate',
      at: at ?? this.#requests.incomplete(methods.allocate, '300 without another server'),
      domain: attribute(message, types.alternateDomain)?.toString('utf8', 0, 253),
    };
  }
}

/** XOR-MAPPED-ADDRESS, or the MAPPED-ADDRESS of servers before RFC 5389. */
function reflexiveOf(message: StunMessage): TransportAddress | undefined {
  const xored = attribute(message, types.xorMappedAddress);
  if (xored) return readXorAddress(xored, message.id);
  const plain = attribute(message, types.mappedAddress);
  return plain && readAddress(plain);
}

function peerAddress(peer: TransportAddress, id: string): StunAttribute {
  return { type: types.xorPeerAddress, value: writeXorAddress(peer, id) };
}
