import { find, readXml } from '../../../sip/xmlTree.js';
import type { Publication } from './publications.js';

/** A user's state as others see it. */
export interface AggregateState {
  readonly availability: number;
  /** The token of an activity such as `in-a-meeting`. */
  readonly activity: string | undefined;
  readonly publishedAtMs: number;
}

interface Input {
  readonly type: string;
  readonly availability: number;
  readonly activity: string | undefined;
  readonly publishedAtMs: number;
}

/** Availability from which on nobody is there. */
const offline = 18_000;
const signedOut: AggregateState = { availability: 18_500, activity: undefined, publishedAtMs: 0 };
/** The containers whose states are aggregated. */
const inputContainers = [2, 3];

/**
 * One state from all that a user's endpoints publish (MS-PRES 3.2.4): the most active machine says whether the user is there; what
 * the user chose goes before calendar and telephone, which only make it busier.
 */
export function aggregateOf(publications: readonly Publication[]): AggregateState {
  const inputs = publications
    .filter(({ category, container }) => category === 'state' && inputContainers.includes(container))
    .flatMap(readInput);
  const of = (...types: string[]) => inputs.filter(({ type }) => types.includes(type));
  const machine = of('machineState').reduce<Input | undefined>((best, one) => lower(best, one), undefined);
  if (machine === undefined || machine.availability >= offline) {
    return { ...signedOut, publishedAtMs: Math.max(0, ...publications.map(({ publishedAtMs }) => publishedAtMs)) };
  }
  const chosen = of('userState').reduce<Input | undefined>((last, one) => later(last, one), undefined);
  if (chosen !== undefined) return chosen;
  return of('calendarState', 'phoneState').reduce<Input>((busiest, one) => higher(busiest, one), machine);
}

function readInput({ content, declarations, publishedAtMs }: Publication): readonly Input[] {
  const root = readXml(`<input${unique(declarations)}>${content}</input>`);
  return (root === undefined ? [] : find(root, 'state')).flatMap((state) => {
    const availability = Number(find(state, 'availability')[0]?.text || Number.NaN);
    const activity = find(state, 'activity')[0]?.attributes.get('token');
    const type = state.attributes.get('type')?.replace(/^.*:/, '') ?? '';
    return Number.isFinite(availability) ? [{ type, availability, activity, publishedAtMs }] : [];
  });
}

/** Of several declarations of one prefix, the innermost. */
export function unique(declarations: string): string {
  const pairs = [...declarations.matchAll(/(xmlns:[\w.-]+)\s*=\s*("[^"]*"|'[^']*')/g)];
  return [...new Map(pairs.map(([, name = '', value = '']) => [name, value]))]
    .map((pair) => ` ${pair.join('=')}`)
    .join('');
}

function lower(best: Input | undefined, one: Input): Input {
  return best === undefined || one.availability < best.availability ? one : best;
}

function higher(best: Input, one: Input): Input {
  return one.availability > best.availability ? one : best;
}

function later(last: Input | undefined, one: Input): Input {
  return last === undefined || one.publishedAtMs >= last.publishedAtMs ? one : last;
}
