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
    .map((transaction) => ({ transaction, roles: rolesOf(transaction, dialect) }));
}

function rolesOf(transaction: TransactionName, dialect: Dialect): readonly PairRole[] {
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
    // In lync the first account asks for relay credentials where it is there: without it less is seen.
    case 'av-edge':
    case 'sip-federation':
    case 'xmpp-federation':
      return [];
  }
}
