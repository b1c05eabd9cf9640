import { median } from './statistics.js';

/** One line of the report: what was measured, what came of it, and what it is held against. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly goal?: string;
  /** Absent where there is no goal. */
  readonly reached?: boolean;
}

/** `88.1 ms (84.0-95.2, n=11)`: median, smallest, largest, how many. */
export function spread(values: readonly number[], unit: string, digits = 1): string {
  const shown = (value: number) => value.toFixed(digits);
  const range = `${shown(Math.min(...values))}-${shown(Math.max(...values))}`;
  return `${shown(median(values))} ${unit} (${range}, n=${values.length})`;
}

/** A figure whose median has to stay below a limit. */
export function below(what: string, values: readonly number[], limit: number, unit: string, digits = 1): Figure {
  const reached = median(values) < limit;
  return { what, measured: spread(values, unit, digits), goal: `< ${limit} ${unit}`, reached };
}

/** A figure as one line of text. */
export function formatFigure({ what, measured, goal, reached }: Figure): string {
  const against = goal === undefined ? '' : `  goal ${goal}: ${reached ? 'reached' : 'NOT REACHED'}`;
  return `  ${what.padEnd(76)}  ${measured.padEnd(38)}${against}`.trimEnd();
}
