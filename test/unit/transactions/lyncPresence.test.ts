import { describe, expect, test } from 'vitest';
import { fail } from '../../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import type { LyncPresence } from '../../../shared/protocols/lync/presence/lyncPresence.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { lyncPresence } from '../../../shared/transactions/lyncPresence.js';
import { fakePorts } from '../../fakes/fakePorts.js';
import { sampleAccount, sampleEdge, sampleSettings, world } from '../../fakes/world.js';

const accounts = {
  first: sampleAccount(),
  second: sampleAccount({ sipAddress: 'sip:kenmyer@contoso.example', userName: 'kenmyer' }),
};

/** What the users do, in order; what is named in `failing` is refused. */
async function run(failing: readonly string[] = []): Promise<{ result: TransactionResult; done: string[] }> {
  const done: string[] = [];
  const act = async (what: string) => {
    done.push(what);
    if (failing.includes(what.split(' ')[0] ?? '')) fail('PRESENCE_CATEGORY_REFUSED', { error: `${what} is refused` });
  };
  const openPresence = (): LyncPresence => {
    let [selfAlive, watchAlive, published] = [false, false, false];
    return {
      openSelfSubscription: () => ({
        get alive() {
          return selfAlive;
        },
        begin: async () => {
          await act('begin');
          selfAlive = true;
        },
        catchUp: () => act('catch-up'),
        end: () => act('end-self'),
      }),
      openNote: () => ({
        get mayBePublished() {
          return published;
        },
        publish: async (text) => {
          published = true;
          await act(`publish ${text}`);
        },
        remove: () => act('remove'),
      }),
      openWatch: (contact) => ({
        get alive() {
          return watchAlive;
        },
        subscribe: async () => {
          await act(`subscribe ${contact}`);
          watchAlive = true;
        },
        awaitNote: ({ entity, text }) => act(`await ${entity} ${text}`),
        end: () => act('end-watch'),
      }),
    };
  };
  const ports = fakePorts({ lyncTalk: () => ({ openPresence }) });
  const edge = sampleEdge({ dialect: 'lync' });
  const settings = sampleSettings({ notifyTimeoutMs: 25_000 });
  const result = await runTransaction(lyncPresence, world({ ports, accounts, edge, settings }));
  return { result, done };
}

const note = `Edge Probes ${'x'.repeat(24)}`;

describe('presence in dialect lync', () => {
  test('takes every step, and undoes what it did in reverse order', async () => {
    const { result, done } = await run();

    expect(result.outcome).toBe('success');
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'resolve passed',
      'connect-subscriber passed',
      'tls-subscriber passed',
      'register-subscriber passed',
      'connect-publisher passed',
      'tls-publisher passed',
      'register-publisher passed',
      'self-subscribe passed',
      'subscribe passed',
      'publish passed',
      'await-notification passed',
      'unpublish passed',
      'unsubscribe passed',
      'self-unsubscribe passed',
      'unregister-publisher passed',
      'unregister-subscriber passed',
    ]);
    expect(done).toEqual([
      'begin',
      'subscribe sip:kenmyer@contoso.example',
      'catch-up',
      `publish ${note}`,
      `await sip:kenmyer@contoso.example ${note}`,
      'catch-up',
      'remove',
      'end-watch',
      'end-self',
    ]);
  });

  test.each([
    ['begin', 'self-subscribe', []],
    ['subscribe', 'subscribe', ['end-self']],
    ['publish', 'publish', ['catch-up', 'remove', 'end-watch', 'end-self']],
    ['await', 'await-notification', ['catch-up', 'remove', 'end-watch', 'end-self']],
    ['remove', 'unpublish', ['end-watch', 'end-self']],
    ['end-watch', 'unsubscribe', ['end-self']],
  ])('fails when %s is refused, and cleans up what may be there', async (what, step, after) => {
    const { result, done } = await run([what]);

    const at = done.findIndex((one) => one.startsWith(what));
    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'PRESENCE_CATEGORY_REFUSED', step } });
    expect(done.slice(at + 1)).toEqual(after);
  });
});
