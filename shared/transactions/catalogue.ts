import type { Dialect } from '../domain/edge.js';
import type { Transaction } from '../run/transaction.js';
import { avEdge } from './avEdge.js';
import { im } from './im.js';
import { lyncAvEdge } from './lyncAvEdge.js';
import { lyncIm } from './lyncIm.js';
import { lyncPersistentChat } from './lyncPersistentChat.js';
import { lyncPresence } from './lyncPresence.js';
import { lyncXmppIm } from './lyncXmppIm.js';
import { persistentChat } from './persistentChat.js';
import { presence } from './presence.js';
import { pushNotification } from './pushNotification.js';
import { registration } from './registration.js';
import { sipFederation } from './sipFederation.js';
import { xmppFederation } from './xmppFederation.js';
import { xmppIm } from './xmppIm.js';

/** The transactions that exist; one name may stand for another definition in each dialect. */
export const transactions: readonly Transaction[] = [
  registration,
  presence,
  lyncPresence,
  im,
  lyncIm,
  persistentChat,
  lyncPersistentChat,
  avEdge,
  lyncAvEdge,
  pushNotification,
  sipFederation,
  xmppFederation,
  xmppIm,
  lyncXmppIm,
];

/** The transaction of that name in that dialect; undefined where there is none. */
export function transactionFor(name: string, dialect: Dialect): Transaction | undefined {
  return transactions.find((one) => one.name === name && one.dialects.includes(dialect));
}
