import type { SipAnswer, Source } from '../sip/answer.js';
import type { SipRequest } from '../sip/message.js';

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

/** Why a request is sent: a NOTIFY after each change of subscription or publication, or a MESSAGE on its way. */
export type Occasion = 'subscribed' | 'refreshed' | 'ended' | 'published' | 'unpublished' | 'relayed';

/** A final response of a client to a request that a service sent. */
export interface ClientResponse {
  /** Of the topmost Via. */
  readonly branch: string;
  readonly status: number;
  readonly reasonPhrase: string;
}

/** One thing that an edge does with SIP requests, such as keeping bindings. */
export interface SipService {
  /** The methods it takes; they also make up the Allow header field. */
  readonly methods: readonly string[];
  answer(exchange: Exchange): readonly Outgoing[];
  /** A client has answered a request of some service. */
  responded?(response: ClientResponse): readonly Outgoing[];
  /** Time has passed: what has expired by now is over. */
  expire?(nowMs: number): readonly Outgoing[];
  /** What depends on a connection ends with it. */
  flowClosed(flow: number): readonly Outgoing[];
  /** For GET /state: nothing secret. */
  describe(nowMs: number): Readonly<Record<string, unknown>>;
}
