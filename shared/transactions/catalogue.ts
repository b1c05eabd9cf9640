import type { Transaction } from '../run/transaction.js';
import { im } from './im.js';
import { presence } from './presence.js';
import { registration } from './registration.js';

/** The transactions that exist, by name. */
export const transactions: ReadonlyMap<string, Transaction> = new Map<string, Transaction>([
  [registration.name, registration],
  [presence.name, presence],
  [im.name, im],
]);
