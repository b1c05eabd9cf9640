import { limitOf, type Scope } from '../../shared/domain/scope.js';
import type { SipAnswer } from '../../shared/protocols/sip/answer.js';
import type { Notification, SubscriptionState } from '../../shared/protocols/sip/presence/notification.js';
import { type PresenceValue, writePidf } from '../../shared/protocols/sip/presence/pidf.js';
import type { PresenceSubscription, SubscriptionEvent } from '../../shared/protocols/sip/presence/subscription.js';
import { response } from './fakePorts.js';

/** A NOTIFY with a document, or without; active unless it says otherwise. */
export function notification(body: string | undefined, differs: Partial<SubscriptionState> = {}): Notification {
  const state = { name: 'active', expires: 90, reason: undefined, retryAfter: undefined, ...differs };
  return { at: 0, state, contentType: body === '' ? undefined : 'application/pidf+xml', body };
}

/** A NOTIFY that brings `value`. */
export function notificationOf(value: PresenceValue): Notification {
  return notification(writePidf(value));
}

/** What a fake subscription does; by default it is accepted, confirmed and ended as it should be. */
export interface SubscriptionPlan {
  readonly subscribe?: SipAnswer;
  readonly unsubscribe?: SipAnswer;
  /** After the first NOTIFY, in order; when they are used up, nothing comes until the time is over. */
  readonly events?: readonly SubscriptionEvent[];
  readonly first?: SubscriptionEvent;
  readonly unmatched?: number;
}

/** A subscription that gives what it is told to. */
export class FakeSubscription implements PresenceSubscription {
  readonly unmatched: number;
  readonly #plan: SubscriptionPlan;
  readonly #events: SubscriptionEvent[];
  #alive = false;

  constructor(plan: SubscriptionPlan = {}) {
    this.#plan = plan;
    this.unmatched = plan.unmatched ?? 0;
    this.#events = [plan.first ?? { kind: 'item', item: notification('') }, ...(plan.events ?? [])];
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Something arrives. */
  push(item: Notification): void {
    this.#events.push({ kind: 'item', item });
  }

  async subscribe(): Promise<SipAnswer> {
    const answer = this.#plan.subscribe ?? response(200, 'OK');
    this.#alive = answer.kind === 'response' && answer.status < 300;
    return answer;
  }

  async unsubscribe(): Promise<SipAnswer> {
    this.#events.length = 0;
    this.push(notification('', { name: 'terminated', reason: 'timeout' }));
    return this.#plan.unsubscribe ?? response(200, 'OK');
  }

  next(scope: Scope): Promise<SubscriptionEvent> {
    const event = this.#events.shift();
    if (event?.kind === 'item') this.#alive = event.item.state.name !== 'terminated';
    if (event?.kind === 'ended') this.#alive = false;
    return event ? Promise.resolve(event) : timeUp(scope);
  }
}

function timeUp({ signal }: Scope): Promise<SubscriptionEvent> {
  return new Promise((resolve) => {
    const settle = () => resolve({ kind: 'timeout', limitMs: limitOf(signal), pendingBytes: 0 });
    if (signal.aborted) settle();
    else signal.addEventListener('abort', settle);
  });
}
