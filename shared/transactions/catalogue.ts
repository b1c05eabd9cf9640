import type { Transaction } from '../run/transaction.js';
import { registration } from './registration.js';

/** The transactions that exist, by name. */
export const transactions: ReadonlyMap<string, Transaction> = new Map([[registration.name, registration]]);
