import { accountsFor } from './config/regions.js';
import { resolveSecret, type Variables, whySecretMissing } from './config/secrets.js';
import type { AccountSettings, EdgeSettings, SecretReference, XmppUser } from './config/settings.js';
import { fail, ProbeError } from './domain/diagnosis.js';
import type { Account, AccountRole } from './domain/edge.js';
import type { Secret } from './domain/secret.js';
import type { Transaction } from './run/transaction.js';
import type { Accounts, World } from './run/world.js';

/** The accounts of a run, their secrets looked up in `variables`; or the first reason why one cannot be had. */
export function resolveAccounts(
  transaction: Transaction,
  edge: EdgeSettings,
  region: string,
  variables: Variables,
): World['accounts'] {
  const accounts: Partial<Record<AccountRole, Account>> = {};
  try {
    for (const [role, { sipAddress, userName, password }] of accountSettings(transaction, edge, region)) {
      accounts[role] = { sipAddress, userName, password: secretOf(password, variables, `password of ${sipAddress}`) };
    }
  } catch (error) {
    if (error instanceof ProbeError) return { missing: error.diagnosis };
    throw error;
  }
  return accounts satisfies Accounts;
}

/** The secret that a reference names. Throws a `ProbeError` that says of `what` it is missing. */
export function secretOf(reference: SecretReference, variables: Variables, what: string): Secret {
  const secret = resolveSecret(reference, variables);
  if (secret) return secret;
  return fail('CONFIG_SECRET_MISSING', { error: `${what}: ${whySecretMissing(reference, variables)}` });
}

/** The accounts that a transaction signs in with from `region`, as far as the settings have them. */
export function accountSettings(
  { name, accounts, optionalAccounts = [] }: Pick<Transaction, 'name' | 'accounts' | 'optionalAccounts'>,
  edge: EdgeSettings,
  region: string,
): readonly (readonly [AccountRole, AccountSettings])[] {
  const pair = accountsFor(edge, region);
  // Where a relay's credentials are configured nobody has to ask for them.
  const isAnonymous = name === 'av-edge' && edge.transactions['av-edge']?.credentials !== undefined;
  const members = edge.transactions['persistent-chat']?.users;
  const configured: Readonly<Record<AccountRole, AccountSettings | undefined>> = {
    first: isAnonymous ? undefined : pair.first,
    second: pair.second,
    receiver: xmppAccount(edge.transactions['xmpp-im']?.receiver),
    firstMember: xmppAccount(members?.first),
    secondMember: xmppAccount(members?.second),
  };
  return [...accounts, ...optionalAccounts].flatMap((role) => {
    const settings = configured[role];
    return settings === undefined ? [] : [[role, settings] as const];
  });
}

function xmppAccount(user: XmppUser | undefined): AccountSettings | undefined {
  return user?.password && { sipAddress: user.sipAddress, userName: user.jid, password: user.password };
}
