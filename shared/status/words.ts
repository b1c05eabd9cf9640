import { toIso } from '../domain/clock.js';
import type { State } from './states.js';
import type { StatusDocument } from './statusDocument.js';

/** What a state is called on the page. */
export const stateWords: Readonly<Record<State, string>> = {
  up: 'Up',
  degraded: 'Degraded',
  regional: 'Regional',
  down: 'Down',
  unknown: 'Unknown',
  maintenance: 'Maintenance',
};

const headlines: Readonly<Record<State, string>> = {
  up: 'All transactions are up',
  degraded: 'Some transactions are degraded',
  regional: 'Some regions cannot get through',
  down: 'Some transactions are down',
  unknown: 'Some states are not known',
  maintenance: 'Maintenance is under way',
};

/** The whole status in one sentence. */
export function headline(document: StatusDocument): string {
  const found = document.edges.flatMap((edge) => edge.transactions.map((transaction) => transaction.state));
  const all = found.every((state) => state === document.state);
  if (all && document.state === 'down') return 'All transactions are down';
  if (all && document.state === 'unknown') return 'The state is not known';
  return headlines[document.state];
}

/** How many transactions are in which state, the worst first: `3 transactions: 1 down, 2 up`. */
export function counts(document: StatusDocument): string {
  const found = document.edges.flatMap((edge) => edge.transactions.map((transaction) => transaction.state));
  const order: readonly State[] = ['down', 'regional', 'degraded', 'unknown', 'maintenance', 'up'];
  const parts = order
    .map((state) => ({ state, count: found.filter((other) => other === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${stateWords[state].toLowerCase()}`);
  return `${found.length} ${found.length === 1 ? 'transaction' : 'transactions'}: ${parts.join(', ')}`;
}

/** `20 Nov 2026, 23:15 UTC` */
export function moment(iso: string): string {
  return `${dayName(iso)} ${iso.slice(0, 4)}, ${iso.slice(11, 16)} UTC`;
}

/** `20 Nov` */
export function dayName(iso: string): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${Number(iso.slice(8, 10))} ${months[Number(iso.slice(5, 7)) - 1] ?? ''}`;
}

/** How long before `now` something was, in the largest unit that fits: `3 min ago`. */
export function ago(iso: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(iso)) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}

/** `99.8 %`, never rounded up to 100 %. */
export function percent(share: number): string {
  return share >= 1 ? '100 %' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** The moment a document was generated, moved by its age: when the page that shows it was asked for. */
export function shownAt(document: { readonly generatedAt: string; readonly ageSeconds: number }): string {
  return toIso(Date.parse(document.generatedAt) + document.ageSeconds * 1000);
}
