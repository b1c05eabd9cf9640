import { describe, expect, test } from 'vitest';
import { Secret } from '../../../shared/domain/secret.js';
import { fingerprintOf, isUnchanged } from '../../../shared/run/fingerprint.js';
import { sampleAccount } from '../../fakes/world.js';

const salt = Buffer.from('0123456789abcdef');

describe('the fingerprint of a credential', () => {
  test('fits the same user name and password, and neither another password nor another user name', async () => {
    const account = sampleAccount();
    const fingerprint = await fingerprintOf(account, salt);

    expect(await isUnchanged(account, fingerprint)).toBe(true);
    expect(await isUnchanged({ ...account, password: new Secret('correct horses') }, fingerprint)).toBe(false);
    expect(await isUnchanged({ ...account, userName: 'CONTOSO\\pilar' }, fingerprint)).toBe(false);
  });

  test('is another one every time, so that equal passwords do not show', async () => {
    const [one, other] = [await fingerprintOf(sampleAccount()), await fingerprintOf(sampleAccount())];

    expect(one.salt).not.toBe(other.salt);
  });

  test('holds two bytes: too little to confirm a guess', async () => {
    const { mark } = await fingerprintOf(sampleAccount(), salt);

    expect(Buffer.from(mark, 'base64').length).toBe(2);
    expect(JSON.stringify(await fingerprintOf(sampleAccount(), salt))).not.toContain('correct horse');
  });
});
