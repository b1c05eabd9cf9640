import { ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { diagnoseEnded, diagnoseMissing, diagnoseRefresh, diagnoseUnconfirmed, type Waited } from './diagnoseNotify.js';
import type { PresenceValue } from './pidf.js';
import type { PresenceSubscription } from './subscription.js';
import { judge, type Verdict } from './verdict.js';

/** Waits for the NOTIFY that follows every SUBSCRIBE at once (RFC 6665 section 4.2.1.2). Throws a `ProbeError` when none confirms it. */
export async function requireConfirmed(subscription: PresenceSubscription, peer: string, scope: Scope): Promise<void> {
  const event = await subscription.next(scope);
  const { unmatched } = subscription;
  if (event.kind !== 'item') throw new ProbeError(diagnoseUnconfirmed(peer, event, unmatched));
  const { state } = event.item;
  if (state.name === 'terminated') throw new ProbeError(diagnoseEnded(peer, state));
}

/**
 * Waits until a NOTIFY brings exactly `expected`. What brings anything else is passed over, and named when the time is
 * over. Throws a `ProbeError` of layer `presence`.
 */
export async function awaitValue(
  subscription: PresenceSubscription,
  expected: PresenceValue,
  peer: string,
  scope: Scope,
): Promise<void> {
  const verdicts: Verdict[] = [];
  let state = 'active';
  for (;;) {
    const event = await subscription.next(scope);
    if (event.kind === 'refused') throw new ProbeError(diagnoseRefresh(peer, event.answer));
    if (event.kind !== 'item') {
      const waited: Waited = { verdicts, state, unmatched: subscription.unmatched, peer, entity: expected.entity };
      throw new ProbeError(diagnoseMissing(waited, event));
    }
    const verdict = judge(event.item, expected);
    if (verdict.kind === 'value') return;
    verdicts.push(verdict);
    state = event.item.state.name;
    if (state === 'terminated') throw new ProbeError(diagnoseEnded(peer, event.item.state));
  }
}

/** Waits for the NOTIFY that says the subscription is over (RFC 6665 section 4.4.1); warns when it does not come. */
export async function awaitLast(subscription: PresenceSubscription, peer: string, scope: Scope): Promise<void> {
  while (subscription.alive) {
    const event = await subscription.next(scope);
    if (event.kind === 'item') continue;
    const message = `${peer} answered SUBSCRIBE with Expires: 0, but sent no NOTIFY that ends the subscription`;
    scope.warn({ code: 'PRESENCE_LAST_NOTIFY_MISSING', message });
    return;
  }
}
