import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { lyncPresence as presenceCodes } from '../../../shared/domain/diagnoses/lyncPresence.js';
import { lyncSession } from '../../../shared/domain/diagnoses/lyncSession.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { lyncPresence } from '../../../shared/transactions/lyncPresence.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { type LyncRun, runLync } from './lyncRun.js';
import { diagnoses } from './presenceDiagnoses.js';

let simulator: EdgeSimulator;

beforeAll(async () => {
  simulator = await startEdgeSimulator({ dialect: 'lync' });
});
afterAll(() => simulator.close());

/** Nobody signed in, nothing published, nothing subscribed to: the peer hears of a lost connection a moment later. */
afterEach(() =>
  vi.waitFor(() => {
    const { bindings, publications, subscriptions, connections } = simulator.state();
    expect({ bindings, publications, subscriptions, open: connections.open }).toEqual({
      bindings: [],
      publications: [],
      subscriptions: [],
      open: 0,
    });
  }),
);

const run = (differs: LyncRun = {}) => runLync(simulator, { transaction: lyncPresence, ...differs });

async function runWith(fault: string, differs: LyncRun = {}): Promise<TransactionResult> {
  await simulator.setFault(fault);
  const { result } = await run(differs).finally(() => simulator.clearFault(fault));
  return result;
}

/** `PRESENCE_NOTIFY_TIMEOUT at await-notification: …`, the peer by its name alone, and without numbers that depend on its port. */
function told({ outcome, diagnosis }: TransactionResult): string {
  if (!diagnosis) return outcome;
  const error = diagnosis.error.replace(/ at 127\.0\.0\.1:\d+/g, '').replace(/\d+ bytes/, 'some bytes');
  return `${diagnosis.code} at ${diagnosis.step}: ${error}`;
}

describe('presence in dialect lync', () => {
  test('proves that the published note arrives, and leaves nothing behind', async () => {
    const { result, trace } = await run();

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    const passed = result.steps.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name);
    expect(passed).toEqual(Object.keys(lyncPresence.steps));
    expect(trace.match(/^BENOTIFY /gm)?.length).toBeGreaterThanOrEqual(2);
    expect(trace).not.toMatch(/^(?:>>>.*\n)SIP\/2\.0 /m);
  });

  test.each([
    'signature-version-2',
    'signature-version-3',
    'signature-swapped',
    'offers-digest-only',
    'publish-wrong-delta-once',
    'batches-untold',
    'contact-elsewhere',
    'notify-acknowledged',
    'notify-forked',
    'notify-before-answer',
    'notify-twice',
    'notify-old-value-first',
    'notify-large',
    'coalesced',
    'ten-packets',
  ])('%s is no failure', async (fault) => {
    expect(told(await runWith(fault))).toBe('success');
  });

  test('a NOTIFY is answered, and each answer signed', async () => {
    const before = simulator.state().disbelievedResponses;
    await simulator.setFault('notify-acknowledged');
    const { trace } = await run().finally(() => simulator.clearFault('notify-acknowledged'));

    const answers = trace.split(/^(?=>>>|<<<)/m).filter((entry) => /^>>>.*\nSIP\/2\.0 200 OK/.test(entry));
    expect(answers.length).toBeGreaterThanOrEqual(2);
    expect(answers.filter((entry) => !entry.includes('Authorization: NTLM [redacted]'))).toEqual([]);
    expect(simulator.state().disbelievedResponses).toBe(before);
  });

  test('a sign-in that the server forgot is repeated, with a warning', async () => {
    const result = await runWith('association-lost-once');

    expect(result.outcome).toBe('success');
    // Each of the two connections is signed in anew.
    expect(result.warnings.map(({ code }) => code)).toEqual(['AUTH_ASSOCIATION_LOST', 'AUTH_ASSOCIATION_LOST']);
  });

  test.each([
    ['subscribe-504-1008', 'SUBSCRIBE to presence'],
    ['publisher-disabled', 'SERVICE with a note'],
  ])('a refusal that nobody signed is marked: %s', async (fault, request) => {
    await simulator.setFault('refusals-unsigned');
    const result = await runWith(fault).finally(() => simulator.clearFault('refusals-unsigned'));

    expect(told(result)).toMatch(new RegExp(`to ${request}, expected 200 \\(unsigned\\)$`));
  });

  test('a notification that comes late is no failure while there is time', async () => {
    expect(told(await runWith('notify-late', { notifyTimeoutMs: 5_000 }))).toBe('success');
  });

  test('notifications that are held back give the words of the cmdlet', async () => {
    const result = await runWith('notify-missing');

    expect(told(result)).toBe(
      'PRESENCE_NOTIFY_TIMEOUT at await-notification: Presence notification is not received within 1 secs.',
    );
    expect(result.steps.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
  });

  test.each([
    ['account-disabled', 'register-subscriber', 'REGISTER', 'fe01'],
    ['second-account-disabled', 'subscribe', 'SUBSCRIBE to presence', 'sip'],
    ['publisher-disabled', 'publish', 'SERVICE with a note', 'sip'],
  ])('%s gives what the cmdlet shows, and what to do', async (fault, step, request, source) => {
    const result = await runWith(fault);

    expect(told(result)).toBe(
      `SIP_USER_NOT_FOUND at ${step}: 404, Not Found: answer of sip.contoso.test to ${request}, expected 200`,
    );
    expect(result.diagnosis?.serverDiagnosis).toBe(
      `ErrorCode=4005,Source=${source}.contoso.test,Reason=Destination URI either not enabled for SIP or does not exist`,
    );
    expect(result.diagnosis?.next.join('\n')).toMatch(
      /Get-CsUser \| Select-Object SipAddress, Enabled[\s\S]*--verbose/,
    );
  });

  test.each(diagnoses)('%s has a diagnosis of its own', async (fault, expected) => {
    expect(told(await runWith(fault))).toBe(expected);
  });

  test('these reach every code of presence at a Lync Edge', () => {
    const codes = diagnoses.map(([, text]) => text.split(' ', 1)[0]);

    expect(Object.keys({ ...presenceCodes, ...lyncSession }).filter((code) => !codes.includes(code))).toEqual([]);
  });
});
