import { nextOccurrence } from '../config/ncrontab.js';
import type { Variables } from '../config/secrets.js';
import { systemClock, toIso } from '../domain/clock.js';
import { planOf } from '../plan.js';
import type { Options } from './arguments.js';
import { requireSettings } from './configuration.js';
import type { Terminal } from './terminal.js';

/** `edge-probes list`: what runs, and when next. */
export function listCommand(options: Options, variables: Variables, terminal: Terminal): number {
  const runs = planOf(requireSettings(options, variables));
  const now = systemClock.now();
  const listed = runs.map(({ edge, transaction, schedule, functionName }) => {
    const next = nextOccurrence(schedule, now);
    return {
      edge: edge.edge.name,
      transaction: transaction.name,
      dialect: edge.edge.dialect,
      schedule: schedule.text,
      nextRun: next === undefined ? null : toIso(next),
      function: functionName,
    };
  });
  if (options.json) {
    terminal.out(`${JSON.stringify({ runs: listed }, null, 2)}\n`);
    return 0;
  }
  const rows = listed.map((run) => [run.edge, run.transaction, run.dialect, run.schedule, run.nextRun ?? 'never']);
  terminal.out(table([['EDGE', 'TRANSACTION', 'DIALECT', 'SCHEDULE (UTC)', 'NEXT RUN'], ...rows]));
  return 0;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
