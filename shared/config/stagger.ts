import { parseSchedule, type Schedule } from './ncrontab.js';
import { type Settings, type TransactionName, transactionNames } from './settings.js';

/**
 * The schedule by which a transaction really runs in the settings' own region. Where its seconds are written `0`, or as `*` with a step
 * that divides the minute, they are moved on inside that minute or step: the runs of an edge, in all regions, are spread evenly over it,
 * so that they do not ask for one account at one moment. Any other seconds, `00` too, stay as they were written. Throws when `written` is
 * no schedule.
 */
export function staggeredSchedule(
  written: string,
  edgeName: string,
  transaction: TransactionName,
  settings: Settings,
): Schedule {
  const [seconds = '', ...others] = written.split(' ').filter((part) => part !== '');
  const room = roomIn(seconds);
  const offset = Math.floor(shareOf(edgeName, transaction, settings) * room);
  const text = room === 0 ? written : [seconds.replace(/^[0*]/, String(offset)), ...others].join(' ');
  const schedule = parseSchedule(text);
  if (schedule.kind === 'problem') throw new Error(`${edgeName}/${transaction}: ${schedule.message}`);
  return schedule;
}

/** By how many seconds a field can be moved so that the runs stay as many and as far apart. */
function roomIn(seconds: string): number {
  if (seconds === '0') return 60;
  const step = Number(/^\*\/(\d{1,2})$/.exec(seconds)?.[1] ?? 0);
  return step > 1 && 60 % step === 0 ? step : 0;
}

/** From 0 up to but not including 1; the same for everybody who reads the same file, so that no region has to ask another one. */
function shareOf(edgeName: string, transaction: TransactionName, { edges, regions, ownRegion }: Settings): number {
  const configured = edges.find(({ edge }) => edge.name === edgeName)?.transactions ?? {};
  const names = transactionNames.filter((name) => configured[name] !== undefined);
  // A region of none of the schedules is one that only asks, from the command line.
  const region = Math.max(regions.indexOf(ownRegion), 0);
  const turn = names.indexOf(transaction) * regions.length + region;
  return (hash(edgeName) + turn / (names.length * regions.length)) % 1;
}

/** FNV-1a as a number from 0 up to but not including 1: edges begin at different places, and each always at the same. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const unit of text) value = Math.imul(value ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (value >>> 0) / 2 ** 32;
}
