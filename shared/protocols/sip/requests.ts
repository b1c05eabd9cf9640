import type { Clock } from '../../domain/clock.js';
import type { Account } from '../../domain/edge.js';
import type { Scope } from '../../domain/scope.js';
import type { SipAnswer } from './answer.js';
import { answerChallenges } from './answerChallenges.js';
import { DigestSession } from './digestSession.js';
import type { SipExchange } from './exchange.js';
import { toUri } from './sipCore.js';

/** A request outside of a dialog, from the account to `uri`. */
export interface PlannedRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly string[];
  readonly body?: { readonly contentType: string; readonly content: string };
}

/** Names a request for good: its Call-ID, From tag and CSeq. */
export interface RequestIdentity {
  readonly callId: string;
  readonly fromTag: string;
  readonly cseq: number;
}

/**
 * What an account sends beside REGISTER. It has a digest session of its own: what a registrar was given must not
 * travel with a message to whoever receives it, as a proxy takes out only what it asked for itself.
 */
export class AccountRequests {
  readonly exchange: SipExchange;
  readonly clock: Clock;
  readonly token: (length: number) => string;
  readonly #account: Account;
  readonly #digest: DigestSession;

  constructor(exchange: SipExchange, account: Account, clock: Clock, token: (length: number) => string) {
    this.exchange = exchange;
    this.clock = clock;
    this.token = token;
    this.#account = account;
    this.#digest = new DigestSession(account, () => token(16));
  }

  /** `sip:user@domain` */
  get sipAddress(): string {
    return this.#account.sipAddress;
  }

  /** Sends a request of its own Call-ID. Throws a `ProbeError` of layer `auth`; every other answer is returned. */
  send(planned: PlannedRequest, scope: Scope): Promise<SipAnswer> {
    const identity = { callId: this.token(24), fromTag: this.token(10) };
    let cseq = 0;
    return this.authenticated(planned.method, planned.uri, (credentials) => {
      cseq += 1;
      return this.exchange.request(this.message(planned, { ...identity, cseq }, credentials), scope);
    });
  }

  /** Sends a request as often as its challenges ask for; `send` builds it anew each time. */
  authenticated(
    method: string,
    uri: string,
    send: (credentials: readonly string[]) => Promise<SipAnswer>,
  ): Promise<SipAnswer> {
    return answerChallenges(this.#digest, method, uri, send);
  }

  /** sip.js's form of a request. */
  message({ method, uri, headers, body }: PlannedRequest, identity: RequestIdentity, credentials: readonly string[]) {
    const lines = [...headers, ...credentials];
    const content = body && { ...body, contentDisposition: 'render' };
    const [from, to] = [toUri(this.sipAddress), toUri(uri)];
    return this.exchange.core.makeOutgoingRequestMessage(method, to, from, to, identity, lines, content);
  }
}
