import { Secret } from '../domain/secret.js';
import type { SecretReference } from './settings.js';

/** The variables of a process, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The secret that `reference` names; undefined when it is not there (`whySecretMissing` says why). */
export function resolveSecret(reference: SecretReference, env: Variables): Secret | undefined {
  const value = env[reference.env] ?? '';
  return whySecretMissing(reference, env) === undefined ? new Secret(value) : undefined;
}

/** One sentence on why a secret is not there; undefined when it is. */
export function whySecretMissing({ env: name }: SecretReference, env: Variables): string | undefined {
  const value = env[name] ?? '';
  if (value === '') return `environment variable ${name} is not set`;
  // App Service leaves the reference's own text in place when Key Vault refuses: sent as a password it would lock the account.
  if (value.startsWith('@Microsoft.KeyVault('))
    return `environment variable ${name} holds a Key Vault reference that was not resolved`;
  return undefined;
}
