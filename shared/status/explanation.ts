import { catalogue } from '../domain/diagnoses/catalogue.js';
import { entryOf } from '../domain/diagnosis.js';
import type { LatestRow } from '../store/resultStore.js';
import { isRecent, isSlow, type JudgedRegion, type Judgement, type State } from './states.js';

/** Why a transaction is not up, in words that may be shown to anyone. */
export interface Explanation {
  readonly code?: string;
  readonly meaning?: string;
}

/** The code and the meaning of what the newest run of a telling region found; nothing while the transaction is up. */
export function explain(
  state: State,
  regions: readonly JudgedRegion[],
  judgement: Judgement,
  now: number,
): Explanation {
  switch (state) {
    case 'down':
    case 'regional':
      return whyFailing(newestRow(regions, 'down'), judgement);
    case 'degraded':
      return whyFailing(newestRow(regions, 'degraded'), judgement);
    case 'unknown':
      return whyUnknown(newestRow(regions, 'unknown'), judgement, now);
    case 'up':
    case 'maintenance':
      return {};
  }
}

function newestRow(regions: readonly JudgedRegion[], telling: JudgedRegion['state']): LatestRow | undefined {
  return regions
    .map(({ row, state }) => (state === telling ? row : undefined))
    .filter((row) => row !== undefined)
    .sort((a, b) => (a.result.scheduledAt < b.result.scheduledAt ? 1 : -1))
    .at(0);
}

function whyFailing(newest: LatestRow | undefined, judgement: Judgement): Explanation {
  if (newest?.conclusiveCode !== undefined) return coded(newest.conclusiveCode);
  const slow = newest !== undefined && isSlow(newest, judgement);
  return slow ? { meaning: 'The transaction succeeds, but takes longer than it should.' } : {};
}

function whyUnknown(newest: LatestRow | undefined, judgement: Judgement, now: number): Explanation {
  if (newest === undefined) return { meaning: 'No run has been recorded yet.' };
  const { outcome, diagnosis, scheduledAt } = newest.result;
  const recent = isRecent(scheduledAt, judgement, now);
  if (recent && outcome === 'inconclusive' && diagnosis !== undefined) return coded(diagnosis.code);
  return { meaning: 'No recent run has been recorded.' };
}

/** A row may carry a code of another version: its name is shown, but only the catalogue's words explain it. */
function coded(code: string): Explanation {
  return isKnown(code) ? { code, meaning: entryOf(code).meaning } : { code };
}

function isKnown(code: string): code is keyof typeof catalogue {
  return Object.hasOwn(catalogue, code);
}
