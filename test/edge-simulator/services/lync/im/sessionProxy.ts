import { answerTo } from '../../../sip/answer.js';
import { type SipRequest, value } from '../../../sip/message.js';
import type { ClientResponse, Outgoing } from '../../service.js';
import type { LyncBinding } from '../lyncBindings.js';
import type { Admitted, PoolService } from '../poolService.js';
import type { Pool } from '../routing.js';
import { dialogOf, isInDialog, isSameTransaction, Noted } from './dialogs.js';
import { acknowledgement, cancellation, forwarded, hopsLeft, returned } from './forwarding.js';
import { targetOf } from './targetOf.js';

/** A request that was handed on and has no final answer yet. */
interface Pending {
  readonly exchange: Admitted;
  readonly target: LyncBinding;
  /** As it went to the target. */
  readonly request: SipRequest;
}

const mostPending = 200;
/** Nobody waits longer for somebody to answer (RFC 3261 section 16.8), and for anything else. */
const ringingMs = 180_000;
const answerMs = 60_000;

/** Hands requests between clients of the pool on: sessions of instant messages, whose dialogs are the clients' own (RFC 3261 section 16). */
export class SessionProxy implements PoolService {
  readonly methods = ['INVITE', 'ACK', 'CANCEL', 'MESSAGE', 'INFO', 'BYE', 'UPDATE', 'NOTIFY'];
  readonly #pool: Pool;
  readonly #pending = new Map<string, Pending>();
  readonly #established = new Noted();
  readonly #conversations = new Noted();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  takes({ destination }: Admitted): boolean {
    return ['user', 'endpoint', 'endpoint-gone'].includes(destination.kind);
  }

  answer(exchange: Admitted): readonly Outgoing[] {
    const { request, source, flow } = exchange;
    if (request.method === 'CANCEL') return this.#cancel(exchange);
    // Otherwise it acknowledges a refusal, which the front end has done itself.
    if (request.method === 'ACK' && !this.#established.has(dialogOf(request.fields))) return [];
    const target = targetOf(exchange, this.#pool);
    if ('status' in target) return [{ flow, answer: target }];
    if (hopsLeft(request) < 1) return [{ flow, answer: answerTo(request, source, 483, 'Too Many Hops') }];
    if (this.#pending.size >= mostPending) {
      return [{ flow, answer: answerTo(request, source, 503, 'too many requests at once') }];
    }
    return request.method === 'INVITE' ? this.#invite(exchange, target) : this.#forward(exchange, target);
  }

  responded(response: ClientResponse): readonly Outgoing[] {
    const method = value(response.fields, 'cseq')?.split(/\s+/)[1] ?? '';
    const key = `${response.branch} ${method}`;
    const one = this.#pending.get(key);
    if (one === undefined || one.target.flow !== response.flow) return [];
    const { exchange, target, request } = one;
    const answer = returned(response, target.user, this.#pool);
    const back: Outgoing = { flow: exchange.flow, answer, to: exchange };
    if (response.status < 200) return response.status === 100 ? [] : [back];
    this.#pending.delete(key);
    if (method === 'BYE') this.#established.delete(dialogOf(response.fields));
    if (method !== 'INVITE') return [back];
    if (response.status >= 300) {
      return [{ flow: target.flow, request: acknowledgement(request, response), occasion: 'proxied' }, back];
    }
    this.#established.add(dialogOf(response.fields));
    return [back];
  }

  expire(nowMs: number): readonly Outgoing[] {
    const over = ({ exchange }: Pending): boolean =>
      exchange.nowMs + (exchange.request.method === 'INVITE' ? ringingMs : answerMs) <= nowMs;
    return this.#giveUp(over, 408, 'Request Timeout');
  }

  flowClosed(flow: number): readonly Outgoing[] {
    for (const [key, one] of this.#pending) if (one.exchange.flow === flow) this.#pending.delete(key);
    return this.#giveUp(({ target }) => target.flow === flow, 480, 'Temporarily Unavailable');
  }

  describe(): Readonly<Record<string, unknown>> {
    return { requestsOnTheirWay: this.#pending.size, dialogs: this.#established.size };
  }

  #forward(exchange: Admitted, target: LyncBinding): readonly Outgoing[] {
    const { request, source } = exchange;
    const branch = `z9hG4bK${source.token}`;
    const onward = forwarded(exchange, target, branch, this.#pool);
    if (request.method !== 'ACK') {
      this.#pending.set(`${branch} ${request.method}`, { exchange, target, request: onward });
    }
    return [{ flow: target.flow, request: onward, occasion: request.method === 'MESSAGE' ? 'relayed' : 'proxied' }];
  }

  #invite(exchange: Admitted, target: LyncBinding): readonly Outgoing[] {
    const { request, source, flow } = exchange;
    const conversation = isInDialog(request) ? undefined : value(request.fields, 'ms-conversation-id');
    if (conversation !== undefined && this.#conversations.has(conversation)) {
      const diagnostics = '52035;reason="A session with this conversation id exists"';
      const fields = [{ name: 'ms-client-diagnostics', value: diagnostics }];
      return [{ flow, answer: answerTo(request, source, 488, 'Not Acceptable Here', fields) }];
    }
    if (conversation !== undefined) this.#conversations.add(conversation);
    return [{ flow, answer: answerTo(request, source, 100, 'Trying') }, ...this.#forward(exchange, target)];
  }

  #cancel(exchange: Admitted): readonly Outgoing[] {
    const { request, source, flow } = exchange;
    const found = [...this.#pending.values()].find(
      (one) =>
        one.exchange.request.method === 'INVITE' &&
        one.exchange.flow === flow &&
        isSameTransaction(one.exchange.request, request),
    );
    if (found === undefined) {
      return [{ flow, answer: answerTo(request, source, 481, 'Call Leg/Transaction Does Not Exist') }];
    }
    return [
      { flow, answer: answerTo(request, source, 200, 'OK') },
      { flow: found.target.flow, request: cancellation(found.request), occasion: 'proxied' },
    ];
  }

  #giveUp(stops: (one: Pending) => boolean, status: number, reason: string): readonly Outgoing[] {
    return [...this.#pending].flatMap(([key, one]): readonly Outgoing[] => {
      if (!stops(one)) return [];
      this.#pending.delete(key);
      const { exchange } = one;
      const answer = answerTo(exchange.request, exchange.source, status, reason);
      return [{ flow: exchange.flow, answer, to: exchange }];
    });
  }
}
