import type { Diagnosis } from '../../../domain/diagnosis.js';
import type { ConnectionEnd } from '../../sip/inbox.js';
import { headerValue } from '../../sip/rawMessage.js';
import { answerStray } from './answerStray.js';
import type { ReceivedRequest } from './receivedRequest.js';

/** Who takes what the peer sends under one Call-ID. */
export interface LineListener {
  /** A request; it is to be answered before this returns, unless it is an ACK or a BENOTIFY. */
  onRequest(request: ReceivedRequest): void;
  /** The connection is gone. */
  onEnd(end: ConnectionEnd): void;
}

/** Hands out what the peer sends, by Call-ID; what is nobody's is answered here. */
export class Listeners {
  readonly #byCallId = new Map<string, LineListener>();
  readonly #peer: string;
  #host: LineListener | undefined;
  #strayNotifications = 0;
  #strayInfos = 0;

  constructor(peer: string) {
    this.#peer = peer;
  }

  /** How many NOTIFY and BENOTIFY requests were nobody's. */
  get strayNotifications(): number {
    return this.#strayNotifications;
  }

  /** How many INFO requests belonged to no dialog. */
  get strayInfos(): number {
    return this.#strayInfos;
  }

  listen(callId: string, listener: LineListener): () => void {
    this.#byCallId.set(callId, listener);
    return () => this.#byCallId.delete(callId);
  }

  /** Takes an INVITE of a new Call-ID. */
  host(host: LineListener): () => void {
    this.#host = host;
    return () => {
      if (this.#host === host) this.#host = undefined;
    };
  }

  /** A diagnosis says that the request ends what was begun. */
  give(request: ReceivedRequest): Diagnosis | undefined {
    const listener = this.#byCallId.get(headerValue(request.raw, 'call-id') ?? '');
    const taker = listener ?? (request.method === 'INVITE' ? this.#host : undefined);
    if (taker) {
      taker.onRequest(request);
      return undefined;
    }
    const found = answerStray(request, this.#peer);
    if (!found && request.method.endsWith('NOTIFY')) this.#strayNotifications += 1;
    if (request.method === 'INFO') this.#strayInfos += 1;
    return found;
  }

  end(end: ConnectionEnd): void {
    for (const listener of this.#byCallId.values()) listener.onEnd(end);
    this.#host?.onEnd(end);
  }
}
