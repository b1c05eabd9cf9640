import { describe, expect, test } from 'vitest';
import type { Entity } from '../../../shared/store/columns.js';
import { standingOf, toLeaseEntity } from '../../../shared/store/leaseEntity.js';

const account = 'sip:Pilar@contoso.example';
const at = '2026-11-20T23:15:00.000Z';
const holding = { holder: 'abc', by: 'im from eastus', at, forMs: 60_000 };
const parking = { parkedAt: at, triedAt: at, fingerprint: { salt: 'c2FsdA==', mark: 'bWE=' } };
const row = (differs: object = {}) => toLeaseEntity({ edge: 'contoso', account, ...differs });

function standing(entity: Entity, ageMs: number, holder = 'mine') {
  return standingOf(account, { row: entity, etag: 'e1', ageMs }, holder);
}

describe('the row of an account', () => {
  test('lies with the latest rows of its edge, and holds what people ask for and nothing secret', () => {
    expect(row({ holding, parking })).toEqual({
      partitionKey: 'contoso',
      rowKey: 'lease|sip~3a~pilar~40~contoso.example',
      schema: 1,
      account,
      holder: 'abc',
      heldBy: 'im from eastus',
      heldAt: { value: at, type: 'DateTime' },
      heldForMs: 60_000,
      parkedAt: { value: at, type: 'DateTime' },
      triedAt: { value: at, type: 'DateTime' },
      salt: 'c2FsdA==',
      mark: 'bWE=',
    });
  });

  test('that does not exist leaves the account free', () => {
    expect(standingOf(account, undefined, 'mine')).toEqual({ kind: 'free', etag: undefined });
  });

  test('is held until its time has passed by the clock of the storage, and free from then on', () => {
    expect(standing(row({ holding }), 59_999)).toEqual({ kind: 'held', by: 'im from eastus' });
    expect(standing(row({ holding }), 60_000)).toEqual({ kind: 'free', etag: 'e1' });
  });

  test('is held also where the storage, which counts in seconds, makes it younger than nothing', () => {
    expect(standing(row({ holding }), -900)).toEqual({ kind: 'held', by: 'im from eastus' });
  });

  test('is our own where the first answer was lost', () => {
    expect(standing(row({ holding, parking }), 10, 'abc')).toEqual({ kind: 'own', etag: 'e1', parking });
  });

  test('is free when its holder has given up, and only then', () => {
    const stored = { row: row({ holding }), etag: 'e1', ageMs: 10 };

    expect(standingOf(account, stored, 'mine', new Set(['abc']))).toEqual({ kind: 'free', etag: 'e1' });
    expect(standingOf(account, stored, 'mine', new Set(['other'])).kind).toBe('held');
  });

  test('is parked, also under a holder that was killed while it tried', () => {
    const parked = { kind: 'parked', etag: 'e1', parked: { account, parking, sinceTriedMs: 60_000 } };

    expect(standing(row({ parking }), 60_000)).toEqual(parked);
    expect(standing(row({ holding, parking }), 60_000)).toEqual(parked);
    expect(standing(row({ holding, parking }), 59_999).kind).toBe('held');
  });

  test.each([
    ['of a newer version', { schema: 2 }],
    ['with a damaged time', { heldAt: 'soon' }],
    ['with a damaged length', { heldForMs: 'long' }],
  ])('%s may be held, and is for five minutes', (_, damage) => {
    const damaged = { ...row({ holding }), ...damage };

    expect(standing(damaged, 299_999)).toEqual({ kind: 'held', by: undefined });
    expect(standing(damaged, 300_000)).toEqual({ kind: 'free', etag: 'e1' });
  });
});
