import { describe, expect, test } from 'vitest';
import type { EdgeSettings, Settings } from '../../shared/config/settings.js';
import { diagnosis } from '../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../shared/domain/result.js';
import { TrustedAccounts } from '../../shared/trustedAccounts.js';
import { ManualClock } from '../fakes/manualClock.js';
import { sampleAccount, sampleEdge } from '../fakes/world.js';

const accounts = { first: sampleAccount() };
const success = { outcome: 'success' } as TransactionResult;
const refused = {
  outcome: 'failure',
  diagnosis: diagnosis('AUTH_CREDENTIALS_REJECTED', { error: 'refused' }),
} as TransactionResult;

function trusted(regions: readonly string[], ownPair = false) {
  const edge = { edge: sampleEdge(), accountsByRegion: ownPair ? { eastus: {} } : {} } as unknown as EdgeSettings;
  const known = new TrustedAccounts({ regions } as Settings, new ManualClock());
  return { edge, known, mayGoOn: () => known.lease(edge, 'eastus', accounts) !== undefined };
}

describe('accounts while the storage is away', () => {
  test('may be used by the only region once they have signed in', () => {
    const { edge, known, mayGoOn } = trusted(['eastus']);

    const before = mayGoOn();
    known.learn(edge, accounts, success);

    expect([before, mayGoOn()]).toEqual([false, true]);
  });

  test('may not be used where another region uses them too', () => {
    const { edge, known, mayGoOn } = trusted(['eastus', 'westeurope']);

    known.learn(edge, accounts, success);

    expect(mayGoOn()).toBe(false);
  });

  test('may be used where the region has a pair of its own', () => {
    const { edge, known, mayGoOn } = trusted(['eastus', 'westeurope'], true);

    known.learn(edge, accounts, success);

    expect(mayGoOn()).toBe(true);
  });

  test('are trusted no longer after they were refused', () => {
    const { edge, known, mayGoOn } = trusted(['eastus']);

    known.learn(edge, accounts, success);
    known.learn(edge, accounts, refused);

    expect(mayGoOn()).toBe(false);
  });

  test('prove nothing of those that are missing a secret', () => {
    const { edge, known } = trusted(['eastus']);
    const missing = { missing: diagnosis('CONFIG_SECRET_MISSING', { error: 'not set' }) };

    known.learn(edge, missing, refused);

    expect(known.lease(edge, 'eastus', accounts)).toBeUndefined();
  });
});
