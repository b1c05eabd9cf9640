import { describe, expect, test } from 'vitest';
import { fail } from '../../../shared/domain/diagnosis.js';
import { followUpsMs, withFollowUps } from '../../../shared/run/followUps.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import type { RunContext, Transaction } from '../../../shared/run/transaction.js';
import type { FollowUp, World } from '../../../shared/run/world.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { sampleTransaction } from '../../fakes/sampleTransaction.js';
import { sampleAccount, sampleSettings, world } from '../../fakes/world.js';

const first = sampleAccount();
const second = sampleAccount({ sipAddress: 'sip:kenmyer@contoso.example' });
const failing = sampleTransaction(async ({ step }) => {
  await step('first', async () => fail('SIP_GATEWAY_TIMEOUT', { error: 'no way to the partner' }));
});
const idle = async () => {};

function followUp(name: string, run: Transaction['run'] = idle, differs: Partial<Transaction> = {}): FollowUp {
  return { transaction: sampleTransaction(run, { name, ...differs }), settings: sampleSettings({ title: name }) };
}

async function run(transaction: Transaction, differs: Partial<World>) {
  const given = world({ clock: new ManualClock(), ...differs });
  return withFollowUps(transaction, given, await runTransaction(transaction, given));
}

describe('follow-ups', () => {
  test('run after a failure, in their order, as runs that no schedule asked for', async () => {
    const { outcome, followUps } = await run(failing, { followUps: [followUp('av-edge'), followUp('sip-federation')] });

    expect(outcome).toBe('failure');
    expect(followUps.map((one) => [one.transaction, one.outcome, one.trigger])).toEqual([
      ['av-edge', 'success', 'on-demand'],
      ['sip-federation', 'success', 'on-demand'],
    ]);
    expect(followUps[0]?.runId).toMatch(/^contoso\.av-edge\.westeurope\.\w+\.x{6}$/);
  });

  test.each([
    ['a success', sampleTransaction(idle)],
    [
      'trouble of our own',
      sampleTransaction(async () => fail('PROBER_RUN_ABORTED', { error: 'the prober was stopped' })),
    ],
  ])('do not run after %s', async (_, transaction) => {
    const { followUps } = await run(transaction, { followUps: [followUp('av-edge')] });

    expect(followUps).toEqual([]);
  });

  test('get the accounts of the run that they declare, and no other', async () => {
    const seen: unknown[] = [];
    const look = async ({ accountIfGiven }: RunContext<string, 'first' | 'second'>) => {
      seen.push(accountIfGiven('first')?.sipAddress, accountIfGiven('second')?.sipAddress);
    };
    await run(failing, {
      accounts: { first, second },
      followUps: [followUp('av-edge', look, { optionalAccounts: ['first'] }), followUp('sip-federation', look)],
    });

    expect(seen).toEqual(['sip:pilar@contoso.example', undefined, undefined, undefined]);
  });

  test('have half a minute together: what does not fit is left out', async () => {
    const clock = new ManualClock();
    const slow = async () => clock.advance(26_000);
    const { followUps } = await run(failing, {
      clock,
      followUps: [followUp('av-edge', slow, { deadlineMs: 40_000 }), followUp('sip-federation')],
    });

    expect(followUps.map(({ transaction }) => transaction)).toEqual(['av-edge']);
  });

  test.each([
    [45_000, 30_000],
    [70_000, 10_000],
    [90_000, 0],
  ])('of a run of %i ms have %i ms: all of it ends inside the two minutes of the host', (deadlineMs, expected) => {
    expect(followUpsMs(failing, world({ deadlineMs, followUps: [followUp('av-edge')] }))).toBe(expected);
  });
});
