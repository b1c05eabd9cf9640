import type { Realm } from './authentication.js';
import type { Gatekeeper } from './gatekeeper.js';
import { type Handled, notifyOf, publish, subscribe } from './presenceAgent.js';
import { type Due, expired, type PresenceState } from './presenceState.js';
import type { Outgoing, SipService } from './service.js';

/** The presence agent as a service: every change of its state goes out as NOTIFY, after the answer that caused it. */
export function presenceService(realm: Realm, admit: Gatekeeper): SipService {
  let state: PresenceState = { publications: [], watchers: [] };
  const presentities = { domain: realm.name, known: (user: string) => realm.passwords.has(user) };

  function notifications(due: readonly Due[], nowMs: number): readonly Outgoing[] {
    return due.map((one) => ({
      flow: one.watcher.flow,
      request: notifyOf(one, state, nowMs, realm.name),
      occasion: one.occasion,
    }));
  }

  function expire(nowMs: number): readonly Outgoing[] {
    const over = expired(state, nowMs);
    state = over.state;
    return notifications(over.due, nowMs);
  }

  return {
    methods: ['SUBSCRIBE', 'PUBLISH'],
    answer(exchange) {
      const { flow, nowMs, request } = exchange;
      const before = expire(nowMs);
      const admission = admit(exchange);
      if (admission.kind === 'answered') return [...before, { flow, answer: admission.answer }];
      const handled: Handled =
        request.method === 'PUBLISH'
          ? publish(state, exchange, admission.user, presentities)
          : subscribe(state, exchange, presentities);
      state = handled.state;
      return [...before, { flow, answer: handled.answer }, ...notifications(handled.due, nowMs)];
    },
    expire,
    flowClosed(flow) {
      state = { ...state, watchers: state.watchers.filter((watcher) => watcher.flow !== flow) };
      return [];
    },
    describe: (nowMs) => ({
      publications: state.publications.map(({ user, expiresAtMs }) => ({ user, expiresInMs: expiresAtMs - nowMs })),
      subscriptions: state.watchers.map(({ client, user, flow, expiresAtMs }) => ({
        watcher: client,
        user,
        flow,
        expiresInMs: expiresAtMs - nowMs,
      })),
    }),
  };
}
