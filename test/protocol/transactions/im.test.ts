import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { openTls, signIn } from '../edge-simulator/rawClient.js';
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

/** Nobody signed in and no connection: the peer hears of the end a moment later. */
afterEach(() =>
  vi.waitFor(() => {
    const { bindings, connections } = simulator.state();
    expect({ bindings, open: connections.open }).toEqual({ bindings: [], open: 0 });
  }),
);

describe('im', () => {
  test('proves that both messages arrive as they were sent, and leaves nobody signed in', async () => {
    const result = await simulated.run('im');

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0, warnings: [] });
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'resolve passed',
      'connect-sender passed',
      'tls-sender passed',
      'register-sender passed',
      'connect-receiver passed',
      'tls-receiver passed',
      'register-receiver passed',
      'send-message passed',
      'receive-message passed',
      'send-reply passed',
      'receive-reply passed',
      'unregister-receiver passed',
      'unregister-sender passed',
    ]);
    const needed = result.steps.slice(0, 11).reduce((sum, step) => sum + ('ms' in step ? step.ms : 0), 0);
    expect(result.latencyMs).toBeCloseTo(needed, 1);
  });

  test('passes while the receiver is signed in elsewhere too, and that client takes the message as well', async () => {
    const other = await openTls(simulator);
    const lines = ['Contact: <sip:kenmyer@192.0.2.7:5061;transport=tls>', 'Expires: 90'];
    await signIn(other, simulator.users.kenmyer, { lines });

    const result = await simulated.run('im');

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(await other.next()).toMatch(/^MESSAGE sip:kenmyer@192\.0\.2\.7:5061;transport=tls SIP\/2\.0\r\n/);
    other.socket.destroy();
  });

  test.each([
    ['message-answered-twice', []],
    ['message-delayed', []],
    ['message-third-user', []],
    ['message-other-run', []],
    ['message-twice', ['IM_DELIVERED_TWICE', 'IM_DELIVERED_TWICE']],
    ['stale-nonce', []],
    ['extra-requests', []],
    ['coalesced', []],
    ['ten-packets', []],
    ['no-challenge', ['AUTH_NOT_DEMANDED', 'AUTH_NOT_DEMANDED']],
  ])('%s is no failure', async (fault, warnings) => {
    await simulator.setFault(fault, fault === 'message-delayed' ? 300 : undefined);
    const result = await simulated.run('im').finally(() => simulator.clearFault(fault));

    expect(result.diagnosis).toBeUndefined();
    expect(result.warnings.map(({ code }) => code)).toEqual(warnings);
  });

  test.each([
    ['message-403', 'IM_MESSAGE_FORBIDDEN', 'send-message'],
    ['message-404', 'IM_RECEIVER_UNKNOWN', 'send-message'],
    ['message-405', 'IM_METHOD_UNSUPPORTED', 'send-message'],
    ['message-415', 'IM_CONTENT_UNSUPPORTED', 'send-message'],
    ['message-480', 'IM_RECEIVER_UNAVAILABLE', 'send-message'],
    ['message-488', 'IM_MESSAGE_NOT_ACCEPTABLE', 'send-message'],
    ['message-503', 'SIP_SERVICE_UNAVAILABLE', 'send-message'],
    ['message-close', 'SIP_CONNECTION_LOST', 'send-message'],
    ['message-receiver-dropped', 'IM_CONNECTION_LOST', 'receive-message'],
    ['message-altered', 'IM_TEXT_ALTERED', 'receive-message'],
    ['message-other-sender', 'IM_SENDER_WRONG', 'receive-message'],
  ])('%s is %s in the step %s', async (fault, code, step) => {
    await simulator.setFault(fault);
    const result = await simulated.run('im').finally(() => simulator.clearFault(fault));

    expect(result.diagnosis).toMatchObject({ code, step, layer: layerOf(code), fault: 'target' });
    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1 });
  });
});

/** Each waits for the end of its run, so that all wait at once, each with a simulator of its own. */
describe('a message that is waited for in vain', () => {
  test.concurrent.each([
    ['message-silent', 'SIP_ANSWER_TIMEOUT', 'send-message'],
    ['message-late', 'SIP_ANSWER_TIMEOUT', 'send-message'],
    ['message-lost', 'IM_DELIVERY_TIMEOUT', 'receive-message'],
    ['message-202', 'IM_ACCEPTED_NOT_DELIVERED', 'receive-message'],
    ['message-exchanged', 'IM_DELIVERY_TIMEOUT', 'receive-message'],
  ])('%s is %s in the step %s', async (fault, code, step) => {
    const own = await startEdgeSimulator({ faults: [fault] });
    const files = simulatedRun(own);
    const result = await files.run('im', 1_500);

    expect(result.diagnosis).toMatchObject({ code, step, layer: layerOf(code), fault: 'target' });
    await vi.waitFor(() => expect(own.state().bindings).toEqual([]));
    files.close();
    await own.close();
  });
});

function layerOf(code: string): string {
  return code.slice(0, code.indexOf('_')).toLowerCase();
}
