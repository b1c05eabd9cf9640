import type { Clock } from '../../../domain/clock.js';
import { ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { Secret } from '../../../domain/secret.js';
import type { Link } from '../link.js';
import type { AllocateOutcome, DataListener, RelayClient } from '../relayClient.js';
import { diagnoseError } from '../stun/diagnoseError.js';
import { readAddress, readSeconds, type StunError, writeAddress, writeSeconds, xorAddress } from '../stun/values.js';
import { isAsPublicAs, sameAddress, type TransportAddress } from '../transportAddress.js';
import { type MsMessage, msAttribute, msMethods, msTypes as types } from './msMessage.js';
import { MsTurnRequests } from './msTurnRequests.js';

/** What the A/V authentication service (MRAS) hands out: base64 of the bytes that the relay knows. */
export interface MsCredentials {
  readonly userName: string;
  readonly password: Secret;
}

/** How long a relay may be silent to its first request: what is left of the step is for finding out why. */
const patienceMs = 5_500;
/** Nobody answers what opens a permission: this long it may take. */
const permissionMs = 100;

/** Opens a client of MS-TURN on a link that nobody else listens to: over UDP, or behind the hellos of TCP. */
export function openMsTurnClient(
  link: Link,
  clock: Clock,
  randomBytes: (length: number) => Buffer,
): RelayClient<MsCredentials> {
  return new MsTurnClient(link, clock, randomBytes);
}

class MsTurnClient implements RelayClient<MsCredentials> {
  readonly peer: string;
  readonly remote: TransportAddress;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #requests: MsTurnRequests;
  #listener: DataListener = () => {};
  #mayHold = false;

  constructor(link: Link, clock: Clock, randomBytes: (length: number) => Buffer) {
    this.peer = link.peer;
    this.remote = link.remote;
    this.#link = link;
    this.#clock = clock;
    const newId = () => randomBytes(16).toString('hex');
    this.#requests = new MsTurnRequests(link, clock, newId, (message, at) => this.#takeData(message, at));
  }

  get mayHold(): boolean {
    return this.#mayHold;
  }

  get retransmissions(): number {
    return this.#requests.retransmissions;
  }

  async allocate(
    credentials: MsCredentials | undefined,
    scope: Scope,
    { followed = false }: { readonly followed?: boolean } = {},
  ): Promise<AllocateOutcome> {
    const first = await this.#requests.allocate([], scope, patienceMs);
    const refusal = this.#requests.errorOf(first);
    if (!refusal) {
      this.#mayHold = true;
      scope.warn({
        code: 'TURN_RELAY_OPEN',
        message: `${this.peer} gave an allocation without asking for credentials`,
      });
      return this.#allocated(first);
    }
    const alternate = this.#alternateOf(first, refusal, followed);
    if (alternate) return { kind: 'alternate', at: alternate, domain: undefined };
    if (refusal.code !== 401) return this.#refused(refusal);
    const challenge = this.#requests.challengeOf(first);
    if (!credentials) return { kind: 'challenged', realm: challenge.realm.toString('utf8') };

    const [userName, password] = [credentials.userName, credentials.password.reveal()];
    this.#requests.signAs(Buffer.from(userName, 'base64'), Buffer.from(password, 'base64'), challenge);
    // Before the request is sent: its answer may be lost after the allocation was made.
    this.#mayHold = true;
    const answer = await this.#requests.allocate([], scope);
    const error = this.#requests.errorOf(answer);
    if (!error) return this.#allocated(answer);
    this.#mayHold = false;
    return this.#refused(error);
  }

  /** The relay lets a peer through to whom something was sent (MS-TURN section 3.2.5): it confirms nothing. */
  async permit(peer: TransportAddress, scope: Scope): Promise<void> {
    this.send(peer, Buffer.from('permission'));
    await new Promise<void>((resolve) => this.#clock.after(permissionMs, resolve));
    scope.exclude(permissionMs);
  }

  async release(scope: Scope): Promise<void> {
    this.#mayHold = false;
    const answer = await this.#requests.allocate([{ type: types.lifetime, value: writeSeconds(0) }], scope);
    const error = this.#requests.errorOf(answer);
    if (error) this.#refused(error);
  }

  send(to: TransportAddress, data: Buffer): void {
    this.#requests.tell(msMethods.send, [
      { type: types.destinationAddress, value: writeAddress(to) },
      { type: types.data, value: data },
    ]);
  }

  receive(listener: DataListener): void {
    this.#listener = listener;
  }

  close(): void {
    this.#link.close();
  }

  #takeData(message: MsMessage, at: number): void {
    const data = msAttribute(message, types.data);
    if (data) this.#listener(data, at);
  }

  #refused(error: StunError): never {
    throw new ProbeError(diagnoseError(this.peer, msMethods.allocate, error, 'ms'));
  }

  #allocated(message: MsMessage): AllocateOutcome {
    const relayed = msAttribute(message, types.mappedAddress);
    const reflexive = msAttribute(message, types.xorMappedAddress);
    this.#requests.countFrom(message);
    return {
      kind: 'allocated',
      relayed: (relayed && readAddress(relayed)) ?? this.#requests.incomplete('without a relayed address'),
      reflexive: reflexive && readAddress(xorAddress(reflexive, Buffer.from(message.id, 'hex'))),
      lifetimeSeconds: readSeconds(msAttribute(message, types.lifetime)),
    };
  }

  /** Behind a load balancer the 401 names the server itself, to be asked from then on; that is not demanded. */
  #alternateOf(message: MsMessage, { code }: StunError, followed: boolean): TransportAddress | undefined {
    const value = msAttribute(message, types.alternateServer);
    const at = value && readAddress(value);
    if (code === 300) return at ?? this.#requests.incomplete('300 without another server');
    if (code !== 401 || followed || !at || at.port === 0 || sameAddress(at, this.remote)) return undefined;
    return isAsPublicAs(at.address, this.remote.address) ? at : undefined;
  }
}
