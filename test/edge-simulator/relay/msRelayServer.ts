import { randomBytes } from 'node:crypto';
import {
  decodeMsMessage,
  encodeMsMessage,
  type MsMessage,
  msAttribute,
  msKey,
  msMethods,
  msTypes as types,
  verifyMsIntegrity,
} from '../../../shared/protocols/turn/ms/msMessage.js';
import type { StunAttribute } from '../../../shared/protocols/turn/stun/message.js';
import {
  readAddress,
  readSeconds,
  writeAddress,
  writeSeconds,
  xorAddress,
} from '../../../shared/protocols/turn/stun/values.js';
import { sameAddress, type TransportAddress } from '../../../shared/protocols/turn/transportAddress.js';
import { Allocation } from './allocation.js';
import { type MrasKeys, recognize } from './mrasCredentials.js';
import type { RelayScript, RelayTally } from './relayScript.js';

/** One client of the relay, on whatever transport. */
export interface RelayedClient {
  readonly from: TransportAddress;
  send(message: Buffer): void;
  /** Data of the active destination, as it came. */
  sendData(data: Buffer): void;
}

interface State {
  nonce: string;
  usedNonces: number;
  allocation: Allocation | undefined;
  /** The peer whose data goes through as it is, in both directions. */
  active: TransportAddress | undefined;
}

const lifetimeSeconds = 600;

/** What an A/V Edge's relay does with the messages of its clients (MS-TURN section 3.3), apart from any transport. */
export class MsRelayServer {
  readonly realm: Buffer;
  readonly tally: RelayTally = {
    ...{ challenged: 0, allocated: 0, released: 0, refused: {}, signedSends: 0, unsignedSends: 0 },
    ...{ toPeers: 0, fromPeers: 0, handedThrough: 0, malformed: 0 },
  };
  script: RelayScript = {};
  readonly #address: string;
  readonly #keys: MrasKeys;
  readonly #states = new Map<RelayedClient, State>();

  constructor(address: string, realm: string, keys: MrasKeys) {
    this.#address = address;
    this.realm = Buffer.from(realm);
    this.#keys = keys;
  }

  get allocations(): number {
    return [...this.#states.values()].filter(({ allocation }) => allocation !== undefined).length;
  }

  /** Takes a message of a client. */
  async take(bytes: Buffer, client: RelayedClient): Promise<void> {
    const decoded = decodeMsMessage(bytes);
    const state = this.#stateOf(client);
    // Over UDP nothing but its content tells data of peers from a message.
    if (decoded.kind === 'flawed' && state.active) return this.takeData(bytes, client);
    if (decoded.kind === 'flawed') {
      this.tally.malformed += 1;
      return;
    }
    const { message } = decoded;
    if (message.method === msMethods.setActiveDestination) this.#activate(message, client, state);
    if (message.method === msMethods.allocate) await this.#allocate(message, client, state);
    if (message.method === msMethods.send) this.#send(message, state);
  }

  /** Takes data that is meant for the active destination. */
  takeData(data: Buffer, client: RelayedClient): void {
    const { active, allocation } = this.#stateOf(client);
    if (!active) return;
    this.tally.handedThrough += 1;
    allocation?.send(active, data);
  }

  /** Gives up what a client had that has gone. */
  forget(client: RelayedClient): void {
    this.#states.get(client)?.allocation?.close();
    this.#states.delete(client);
  }

  close(): void {
    for (const client of [...this.#states.keys()]) this.forget(client);
  }

  #stateOf(client: RelayedClient): State {
    const before = this.#states.get(client);
    const state = before ?? { nonce: newNonce(), usedNonces: 0, allocation: undefined, active: undefined };
    if (!before) this.#states.set(client, state);
    return state;
  }

  /** MS-TURN section 3.3: from then on this one peer's data needs no message around it. */
  #activate(message: MsMessage, client: RelayedClient, state: State): void {
    const value = msAttribute(message, types.destinationAddress);
    const peer = value && readAddress(value);
    const { allocation } = state;
    if (!allocation || !peer || verifyMsIntegrity(message, allocation.key) !== 'right') return;
    state.active = peer;
    const { setActiveDestination } = msMethods;
    client.send(encodeMsMessage(setActiveDestination, 'success', message.id, [], allocation.key));
  }

  async #allocate(message: MsMessage, client: RelayedClient, state: State): Promise<void> {
    const found = this.#authenticate(message, state);
    if ('refuse' in found) return this.#refuse(message, client, state, found.refuse);
    const { key } = found;
    const sealWith = this.script.wrongIntegrity ? Buffer.alloc(16) : key;
    const reply = (attributes: readonly StunAttribute[]) =>
      client.send(encodeMsMessage(msMethods.allocate, 'success', message.id, attributes, sealWith));
    if (readSeconds(msAttribute(message, types.lifetime)) === 0) {
      if (!state.allocation) return this.#refuse(message, client, state, 437);
      state.allocation.close();
      state.allocation = undefined;
      this.tally.released += 1;
      return reply([{ type: types.lifetime, value: writeSeconds(0) }]);
    }
    state.allocation ??= await this.#open(client, key, state);
    const { relayed } = state.allocation;
    reply([
      {
        type: types.mappedAddress,
        value: writeAddress({ ...relayed, address: this.script.relayedAddress ?? relayed.address }),
      },
      { type: types.xorMappedAddress, value: xorAddress(writeAddress(client.from), Buffer.from(message.id, 'hex')) },
      { type: types.lifetime, value: writeSeconds(lifetimeSeconds) },
      { type: types.sequenceNumber, value: Buffer.concat([randomBytes(20), writeSeconds(0)]) },
      { type: types.nonce, value: Buffer.from(state.nonce) },
    ]);
  }

  #authenticate(message: MsMessage, state: State): { readonly key: Buffer } | { readonly refuse: number } {
    const userName = msAttribute(message, types.username);
    const nonce = msAttribute(message, types.nonce);
    const realm = msAttribute(message, types.realm);
    if (!msAttribute(message, types.messageIntegrity)) return { refuse: 401 };
    if (!userName) return { refuse: 432 };
    if (!realm?.equals(this.realm)) return { refuse: 434 };
    if (!nonce) return { refuse: 435 };
    const user = recognize(this.#keys, userName, Date.now());
    if (user.kind === 'unknown') return { refuse: 436 };
    const key = msKey(userName, realm, user.password);
    if (verifyMsIntegrity(message, key) !== 'right') return { refuse: 431 };
    if (user.isExpired || this.script.expired) return { refuse: 430 };
    const isStale = this.script.staleNonce && state.usedNonces === 0;
    state.usedNonces += 1;
    if (isStale || nonce.toString() !== state.nonce) return { refuse: 438 };
    return this.script.refuse === undefined ? { key } : { refuse: this.script.refuse };
  }

  #refuse(message: MsMessage, client: RelayedClient, state: State, code: number): void {
    if (code === 401) this.tally.challenged += 1;
    else this.tally.refused[code] = (this.tally.refused[code] ?? 0) + 1;
    if (code === 438) state.nonce = newNonce();
    const { alternate } = this.script;
    const reason = Buffer.from([0, 0, Math.floor(code / 100), code % 100, ...Buffer.from('refused by the relay')]);
    client.send(
      encodeMsMessage(msMethods.allocate, 'error', message.id, [
        { type: types.errorCode, value: reason },
        { type: types.realm, value: this.realm },
        { type: types.nonce, value: Buffer.from(state.nonce) },
        ...(alternate ? [{ type: types.alternateServer, value: writeAddress(alternate) }] : []),
      ]),
    );
  }

  #open(client: RelayedClient, key: Buffer, state: State): Promise<Allocation> {
    this.tally.allocated += 1;
    return Allocation.open(this.#address, key, (data, from) => {
      if (this.script.carriesNothing) return;
      this.tally.fromPeers += 1;
      if (state.active && sameAddress(state.active, from)) return client.sendData(data);
      client.send(
        encodeMsMessage(msMethods.data, 'indication', randomBytes(16).toString('hex'), [
          { type: types.remoteAddress, value: writeAddress(from) },
          { type: types.data, value: data },
        ]),
      );
    });
  }

  #send(message: MsMessage, { allocation }: State): void {
    const value = msAttribute(message, types.destinationAddress);
    const to = value && readAddress(value);
    const data = msAttribute(message, types.data);
    if (!allocation || !to || !data) return;
    const integrity = verifyMsIntegrity(message, allocation.key);
    if (integrity === 'wrong') return;
    if (integrity === 'right') this.tally.signedSends += 1;
    else this.tally.unsignedSends += 1;
    this.tally.toPeers += 1;
    allocation.send(to, data);
  }
}

function newNonce(): string {
  return randomBytes(16).toString('hex');
}
