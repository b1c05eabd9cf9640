import { toIso } from '../domain/clock.js';
import type { RouteSighting, RunOutcome } from '../store/resultStore.js';
import type { Monitored } from './monitored.js';

/** Runs in a row that found the same target active, as one region saw it. */
export interface RouteSpan {
  readonly region: string;
  /** Undefined: none was. */
  readonly active: string | undefined;
  /** `scheduledAt` of the first and of the last of these runs. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Traffic that moved from one target to another, as one region saw it. */
export interface Failover {
  readonly region: string;
  readonly from: string;
  readonly to: string;
  /** `scheduledAt` of the last run that found `from` active. */
  readonly lastGoodAt: string;
  /** `scheduledAt` of the first run that found `to` active. */
  readonly takenOverAt: string;
  /** How long the route was down, as well as runs can tell: it may be `precisionMs` more or less. */
  readonly downForMs: number;
  readonly precisionMs: number;
}

/** What is public of it: hosts only where the settings allow it. */
export type PublicFailover = Omit<Failover, 'from' | 'to'> & Partial<Pick<Failover, 'from' | 'to'>>;

/** More is history, not status. */
const mostShown = 5;

/** The spans of one day's runs; only scheduled ones count. */
export function spansOfDay(outcomes: readonly RunOutcome[]): readonly RouteSpan[] {
  const sightings = outcomes.flatMap(({ trigger, route }) => (trigger === 'schedule' && route ? [route] : []));
  return joined(sightings.map(toSpan));
}

/** Every fail-over in `spans`, which may be in any order and of several days; the oldest first. */
export function failovers(spans: readonly RouteSpan[]): readonly Failover[] {
  return regionsOf(spans)
    .flatMap((region) => failoversOfRegion(joined(spans.filter((span) => span.region === region))))
    .sort((a, b) => (a.takenOverAt < b.takenOverAt ? -1 : 1));
}

/** The newest fail-overs for a public document, under their key; nothing where there was none. */
export function publicFailovers(
  found: readonly Failover[],
  { showTargets = false }: Pick<Monitored, 'showTargets'>,
): { readonly failovers?: readonly PublicFailover[] } {
  if (found.length === 0) return {};
  const newest = found.toReversed().slice(0, mostShown);
  return { failovers: showTargets ? newest : newest.map(({ from: _from, to: _to, ...rest }) => rest) };
}

/** `spans` are of one region, in order, and no two neighbours have the same target. */
function failoversOfRegion(spans: readonly RouteSpan[]): readonly Failover[] {
  const found: Failover[] = [];
  let good: RouteSpan | undefined;
  let down: RouteSpan | undefined;
  for (const span of spans) {
    const { active } = span;
    if (active === undefined) {
      down = span;
      continue;
    }
    if (good?.active !== undefined && good.active !== active)
      found.push(failover(good, good.active, down, span, active));
    good = span;
    down = undefined;
  }
  return found;
}

function failover(good: RouteSpan, from: string, down: RouteSpan | undefined, taken: RouteSpan, to: string): Failover {
  // It was down from somewhere before the first failed run to somewhere after the last.
  const atLeast = down === undefined ? 0 : Date.parse(down.lastAt) - Date.parse(down.firstAt);
  const atMost = Date.parse(taken.firstAt) - Date.parse(good.lastAt);
  return {
    region: taken.region,
    from,
    to,
    lastGoodAt: toIso(Date.parse(good.lastAt)),
    takenOverAt: toIso(Date.parse(taken.firstAt)),
    downForMs: (atLeast + atMost) / 2,
    precisionMs: (atMost - atLeast) / 2,
  };
}

/** Of each region in the order of time, neighbours with the same target made one. */
function joined(spans: readonly RouteSpan[]): readonly RouteSpan[] {
  const inOrder = [...spans].sort((a, b) => (a.firstAt < b.firstAt ? -1 : 1));
  return regionsOf(spans).flatMap((region) => {
    const found: RouteSpan[] = [];
    for (const span of inOrder.filter((one) => one.region === region)) {
      const before = found.at(-1);
      if (before === undefined || before.active !== span.active) found.push(span);
      else found.splice(-1, 1, { ...before, lastAt: span.lastAt });
    }
    return found;
  });
}

function regionsOf(spans: readonly RouteSpan[]): readonly string[] {
  return [...new Set(spans.map(({ region }) => region))];
}

function toSpan({ region, active, at }: RouteSighting): RouteSpan {
  return { region, active, firstAt: at, lastAt: at };
}
