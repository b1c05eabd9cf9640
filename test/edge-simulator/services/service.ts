import type { SipAnswer, Source } from '../sip/answer.js';
import type { HeaderField, SipRequest } from '../sip/message.js';
import type { FromXmpp } from '../xmpp/gateway.js';

/** One request and all that a service may know about it. */
export interface Exchange {
  readonly request: SipRequest;
  readonly source: Source;
  /** The connection it came over. */
  readonly flow: number;
  readonly nowMs: number;
}

/** What a service sends, and the connection it belongs on. */
export type Outgoing = OutgoingAnswer | OutgoingRequest;

export interface OutgoingAnswer {
  readonly flow: number;
  readonly answer: SipAnswer;
  /** What it answers, when that is not the request at hand. */
  readonly to?: Exchange;
}

/** A request that a service sends of itself. */
export interface OutgoingRequest {
  readonly flow: number;
  readonly request: SipRequest;
  readonly occasion: Occasion;
}

/**
 * Why a request is sent: a notification after each change of subscription or publication (`own-change`: to the publisher's own
 * clients), a MESSAGE on its way, another request that is handed on, what the XMPP gateway sends, or what the chat service sends in its sessions.
 */
export type Occasion =
  | 'subscribed'
  | 'refreshed'
  | 'ended'
  | 'published'
  | 'unpublished'
  | 'own-change'
  | 'relayed'
  | 'proxied'
  | 'crossed'
  | 'chat-reply'
  | 'chat-message'
  | 'chat-notice'
  | 'chat-end';

/** A response of a client to a request that a service sent. */
export interface ClientResponse {
  /** Of the topmost Via. */
  readonly branch: string;
  readonly status: number;
  readonly reasonPhrase: string;
  readonly fields: readonly HeaderField[];
  readonly body: string;
  /** The connection it came over. */
  readonly flow: number;
}

/** One thing that an edge does with SIP requests, such as keeping bindings. */
export interface SipService {
  /** The methods it takes; they also make up the Allow header field. */
  readonly methods: readonly string[];
  answer(exchange: Exchange): readonly Outgoing[];
  /** A client has answered a request of some service. */
  responded?(response: ClientResponse, nowMs: number): readonly Outgoing[];
  /** Time has passed: what has expired by now is over. */
  expire?(nowMs: number): readonly Outgoing[];
  /** Something has come from the XMPP side. Nothing sent means that there is nobody for it. */
  crossed?(arrival: FromXmpp, nowMs: number): readonly Outgoing[];
  /** What depends on a connection ends with it. */
  flowClosed(flow: number, nowMs: number): readonly Outgoing[];
  /** The header fields of a message as they go over the wire: the last to see them, when faults have had their way. `status` only of a response. */
  seal?(flow: number, fields: readonly HeaderField[], status?: number): readonly HeaderField[];
  /** For GET /state: nothing secret. */
  describe(nowMs: number): Readonly<Record<string, unknown>>;
}
