import { expect, test } from 'vitest';
import { resolveSecret, whySecretMissing } from '../../../shared/config/secrets.js';

const reference = { env: 'PILAR_PASSWORD' };

test('a reference is resolved to the secret that the variable holds', () => {
  const env = { PILAR_PASSWORD: ' with spaces ' };

  expect(resolveSecret(reference, env)?.reveal()).toBe(' with spaces ');
  expect(whySecretMissing(reference, env)).toBeUndefined();
});

test.each([
  [{}, 'environment variable PILAR_PASSWORD is not set'],
  [{ PILAR_PASSWORD: '' }, 'environment variable PILAR_PASSWORD is not set'],
  [
    { PILAR_PASSWORD: '@Microsoft.KeyVault(SecretUri=https://vault.vault.azure.net/secrets/pilar)' },
    'environment variable PILAR_PASSWORD holds a Key Vault reference that was not resolved',
  ],
])('%j has no secret', (env, why) => {
  expect(resolveSecret(reference, env)).toBeUndefined();
  expect(whySecretMissing(reference, env)).toBe(why);
});
