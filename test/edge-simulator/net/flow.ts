import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Action } from '../faults/action.js';
import { type Frame, takeFrames } from '../sip/framing.js';

const maxPending = 100;

export interface FlowHandlers {
  frame(frame: Frame): void;
  closed(): void;
}

/** One client connection after the handshake (RFC 5626 calls it a flow): frames in, actions out. */
export class Flow {
  readonly #stream: Duplex;
  readonly #socket: Socket;
  readonly #handlers: FlowHandlers;
  readonly #ended = new AbortController();
  #received: Buffer = Buffer.alloc(0);
  #pending = 0;
  #muted = false;
  #lastTurn: Promise<void> = Promise.resolve();

  /** `stream` speaks SIP; `socket` is the TCP connection under it, or the same. */
  constructor(stream: Duplex, socket: Socket, handlers: FlowHandlers) {
    this.#stream = stream;
    this.#socket = socket;
    this.#handlers = handlers;
    stream.on('data', (bytes: Buffer) => this.#receive(bytes));
    stream.on('close', () => {
      this.#ended.abort();
      handlers.closed();
    });
  }

  /** From now on nothing is read and nothing is sent. */
  mute(): void {
    this.#muted = true;
  }

  /** Performs the actions when those before are done; a client that never reads its answers is cut off. */
  perform(actions: readonly Action[]): void {
    this.#pending += 1;
    if (this.#pending > maxPending) this.destroy();
    this.#lastTurn = this.#lastTurn.then(() => this.#turn(actions));
  }

  destroy(): void {
    this.#stream.destroy();
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    if (this.#muted) return;
    const { frames, rest } = takeFrames(Buffer.concat([this.#received, bytes]));
    this.#received = rest;
    for (const frame of frames) {
      this.#handlers.frame(frame);
      if (frame.kind === 'broken') this.mute();
    }
  }

  async #turn(actions: readonly Action[]): Promise<void> {
    try {
      for (const action of actions) await this.#act(action);
    } catch {
      // The connection ended while an action waited: there is nobody left to act for.
    }
    this.#pending -= 1;
  }

  async #act(action: Action): Promise<void> {
    this.#ended.signal.throwIfAborted();
    switch (action.kind) {
      case 'send':
        return this.#send(action.bytes);
      case 'wait':
        await wait(action.ms, undefined, { signal: this.#ended.signal });
        return;
      case 'close':
        this.#stream.end();
        return this.#end();
      case 'reset':
        this.#socket.resetAndDestroy();
        return this.#end();
      case 'mute':
        return this.#end();
    }
  }

  /** Stops this and every later turn, without more than `mute` promises. */
  #end(): void {
    this.mute();
    this.#ended.abort();
  }

  async #send(bytes: Buffer): Promise<void> {
    const { signal } = this.#ended;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done);
      this.#stream.write(bytes, done);
    });
  }
}
