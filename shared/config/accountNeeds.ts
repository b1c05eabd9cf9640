import type { Dialect, PairRole } from '../domain/edge.js';
import type { TransactionsDraft } from './draft.js';
import { type TransactionName, transactionNames } from './settings.js';

/** Which test accounts each configured transaction signs in with. */
export function accountNeeds(
  transactions: TransactionsDraft,
  dialect: Dialect,
): readonly { readonly transaction: TransactionName; readonly roles: readonly PairRole[] }[] {
  return transactionNames
    .filter((name) => transactions[name] !== undefined)
    .map((transaction) => ({ transaction, roles: rolesOf(transaction, transactions, dialect) }));
}

function rolesOf(transaction: TransactionName, transactions: TransactionsDraft, dialect: Dialect): readonly PairRole[] {
  switch (transaction) {
    case 'registration':
    case 'xmpp-im':
    case 'push-notification':
      return ['first'];
    case 'presence':
    case 'im':
      return ['first', 'second'];
    case 'persistent-chat':
      // An XMPP room is entered by XMPP users, which the transaction names itself.
      return dialect === 'lync' ? ['first', 'second'] : [];
    case 'av-edge':
      // Relay credentials are asked for in band by a signed-in user, unless they are configured.
      return dialect === 'lync' && !hasRelayCredentials(transactions['av-edge']) ? ['first'] : [];
    case 'sip-federation':
    case 'xmpp-federation':
      return [];
  }
}

/** Are relay credentials configured, wholly or in part? */
export function hasRelayCredentials(settings: TransactionsDraft['av-edge']): boolean {
  return settings !== undefined && ['userName', 'password', 'sharedSecret'].some((key) => key in settings);
}
