import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { type Simulated, simulatedRun } from './simulatedRun.js';

let simulator: EdgeSimulator;
let simulated: Simulated;

beforeAll(async () => {
  simulator = await startEdgeSimulator();
  simulated = simulatedRun(simulator);
});
afterAll(async () => {
  simulated.close();
  await simulator.close();
});

/** Nobody signed in, nothing published, nothing subscribed to, no connection: the peer hears of the end a moment later. */
afterEach(() =>
  vi.waitFor(() => {
    const { bindings, publications, subscriptions, connections } = simulator.state();
    expect({ bindings, subscriptions, open: connections.open }).toEqual({ bindings: [], subscriptions: [], open: 0 });
    expect(publications).toEqual([]);
  }),
);

describe('presence', () => {
  test('proves that the published value arrives, and leaves nothing behind', async () => {
    const result = await simulated.run('presence');

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0, warnings: [] });
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'resolve passed',
      'connect-subscriber passed',
      'tls-subscriber passed',
      'register-subscriber passed',
      'connect-publisher passed',
      'tls-publisher passed',
      'register-publisher passed',
      'subscribe passed',
      'publish passed',
      'await-notification passed',
      'unpublish passed',
      'unsubscribe passed',
      'unregister-publisher passed',
      'unregister-subscriber passed',
    ]);
    const needed = result.steps.slice(0, 10).reduce((sum, step) => sum + ('ms' in step ? step.ms : 0), 0);
    expect(result.latencyMs).toBeCloseTo(needed, 1);
  });

  test('shows the activities of the cmdlet by their names', async () => {
    const lines = (await simulated.watch('presence')).replace(/'\d+\.\d{7}'/g, "'t'").split('\n');

    expect(lines.filter((line) => line.includes("activity completed in 't' secs."))).toEqual([
      "'Register' activity completed in 't' secs.",
      "'Register' activity completed in 't' secs.",
      "'SubscribePresence' activity completed in 't' secs.",
      "'PublishPresence' activity completed in 't' secs.",
    ]);
  });

  test.each([
    ['subscribe-answered-twice', []],
    ['subscribe-min-expires', []],
    ['publish-answered-twice', []],
    ['publish-min-expires', []],
    ['notify-before-answer', []],
    ['notify-forked', []],
    ['notify-old-value-first', []],
    ['notify-twice', []],
    ['last-notify-missing', ['PRESENCE_LAST_NOTIFY_MISSING']],
    ['stale-nonce', []],
    ['extra-requests', []],
    ['coalesced', []],
    ['ten-packets', []],
    ['no-challenge', ['AUTH_NOT_DEMANDED', 'AUTH_NOT_DEMANDED']],
  ])('%s is no failure', async (fault, warnings) => {
    await simulator.setFault(fault);
    const result = await simulated.run('presence').finally(() => simulator.clearFault(fault));

    expect(result.diagnosis).toBeUndefined();
    expect(result.warnings.map(({ code }) => code)).toEqual(warnings);
  });

  test.each([
    ['subscribe-403', 'PRESENCE_SUBSCRIPTION_FORBIDDEN', 'subscribe'],
    ['subscribe-404', 'SIP_USER_NOT_FOUND', 'subscribe'],
    ['subscribe-405', 'PRESENCE_METHOD_UNSUPPORTED', 'subscribe'],
    ['subscribe-406', 'PRESENCE_FORMAT_UNSUPPORTED', 'subscribe'],
    ['subscribe-423', 'PRESENCE_INTERVAL_TOO_BRIEF', 'subscribe'],
    ['subscribe-489', 'PRESENCE_EVENT_UNSUPPORTED', 'subscribe'],
    ['subscribe-503', 'SIP_SERVICE_UNAVAILABLE', 'subscribe'],
    ['subscribe-close', 'SIP_CONNECTION_LOST', 'subscribe'],
    ['subscription-rejected', 'PRESENCE_SUBSCRIPTION_REJECTED', 'subscribe'],
    ['publish-403', 'PRESENCE_PUBLICATION_FORBIDDEN', 'publish'],
    ['publish-404', 'SIP_USER_NOT_FOUND', 'publish'],
    ['publish-405', 'PRESENCE_METHOD_UNSUPPORTED', 'publish'],
    ['publish-415', 'PRESENCE_FORMAT_UNSUPPORTED', 'publish'],
    ['publish-423', 'PRESENCE_INTERVAL_TOO_BRIEF', 'publish'],
    ['publish-489', 'PRESENCE_EVENT_UNSUPPORTED', 'publish'],
    ['publish-503', 'SIP_SERVICE_UNAVAILABLE', 'publish'],
    ['publish-close', 'SIP_CONNECTION_LOST', 'publish'],
    ['subscription-ended', 'PRESENCE_SUBSCRIPTION_ENDED', 'await-notification'],
    ['notify-huge', 'SIP_MESSAGE_TOO_LARGE', 'await-notification'],
    ['notify-close', 'PRESENCE_CONNECTION_LOST', 'await-notification'],
    ['unsubscribe-481', 'PRESENCE_SUBSCRIPTION_LOST', 'unsubscribe'],
  ])('%s is %s in the step %s', async (fault, code, step) => {
    await simulator.setFault(fault);
    const result = await simulated.run('presence').finally(() => simulator.clearFault(fault));

    expect(result.diagnosis).toMatchObject({ code, step, layer: layerOf(code), fault: 'target' });
    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1 });
  });
});

/** Each waits for a second or more, so that they wait beside each other, each with a simulator of its own. */
describe('presence that is waited for in vain', () => {
  test.concurrent.each([
    ['subscribe-silent', 'SIP_ANSWER_TIMEOUT', 'subscribe'],
    ['subscribe-late', 'SIP_ANSWER_TIMEOUT', 'subscribe'],
    ['first-notify-missing', 'PRESENCE_FIRST_NOTIFY_TIMEOUT', 'subscribe'],
    ['publish-silent', 'SIP_ANSWER_TIMEOUT', 'publish'],
    ['publish-late', 'SIP_ANSWER_TIMEOUT', 'publish'],
    ['subscription-pending', 'PRESENCE_SUBSCRIPTION_PENDING', 'await-notification'],
    ['notify-missing', 'PRESENCE_NOTIFY_TIMEOUT', 'await-notification'],
    ['notify-late', 'PRESENCE_NOTIFY_TIMEOUT', 'await-notification'],
    ['notify-empty', 'PRESENCE_VALUE_MISSING', 'await-notification'],
    ['notify-old-value', 'PRESENCE_VALUE_MISSING', 'await-notification'],
    ['notify-other-presentity', 'PRESENCE_PRESENTITY_WRONG', 'await-notification'],
    ['notify-other-dialog', 'PRESENCE_NOTIFY_UNMATCHED', 'await-notification'],
    ['notify-malformed', 'PRESENCE_DOCUMENT_UNREADABLE', 'await-notification'],
    ['notify-entities', 'PRESENCE_DOCUMENT_FORBIDDEN', 'await-notification'],
    ['notify-other-type', 'PRESENCE_FORMAT_UNEXPECTED', 'await-notification'],
    ['notify-large', 'PRESENCE_DOCUMENT_TOO_LARGE', 'await-notification'],
    ['notify-half', 'SIP_ANSWER_INCOMPLETE', 'await-notification'],
    ['unpublish-412', 'PRESENCE_PUBLICATION_LOST', 'unpublish'],
  ])('%s is %s in the step %s', async (fault, code, step) => {
    const own = await startEdgeSimulator({ faults: [fault] });
    const files = simulatedRun(own);
    const result = await files.run('presence', 2_000);

    expect(result.diagnosis).toMatchObject({ code, step, layer: layerOf(code), fault: 'target' });
    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1 });
    await vi.waitFor(() => expect(own.state().bindings).toEqual([]));
    files.close();
    await own.close();
  });
});

test('a subscription that is granted for seconds is refreshed as long as the value is awaited', async () => {
  const own = await startEdgeSimulator({ faults: ['subscribe-brief', 'notify-missing'] });
  const files = simulatedRun(own, { notifyTimeoutMs: 3_000 });

  const result = await files.run('presence');

  // The NOTIFY that follows each refresh brings what is published, as RFC 6665 section 4.2.1.2 demands.
  expect(result.outcome).toBe('success');
  const step = result.steps.find(({ name }) => name === 'await-notification');
  expect(step && 'ms' in step && step.ms).toBeGreaterThan(500);
  // Twice to begin, once to refresh, once to end: the challenge of the first is answered in advance afterwards.
  expect(own.state().requests.SUBSCRIBE).toBe(4);
  files.close();
  await own.close();
});

test('a subscription that nobody confirms leaves no timer behind', async () => {
  const own = await startEdgeSimulator({ faults: ['first-notify-missing'] });
  const files = simulatedRun(own);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();

  for (let count = 0; count < 3; count += 1) await files.run('presence', 1_000);

  expect(timers()).toBeLessThan(before + 3);
  files.close();
  await own.close();
});

function layerOf(code: string): string {
  return code.slice(0, code.indexOf('_')).toLowerCase();
}
