import type { Dialect } from '../domain/edge.js';
import type { Transaction } from '../run/transaction.js';
import { im } from './im.js';
import { presence } from './presence.js';
import { registration } from './registration.js';

/** The transactions that exist; one name may stand for another definition in each dialect. */
export const transactions: readonly Transaction[] = [registration, presence, im];

/** The transaction of that name in that dialect; undefined where there is none. */
export function transactionFor(name: string, dialect: Dialect): Transaction | undefined {
  return transactions.find((one) => one.name === name && one.dialects.includes(dialect));
}
