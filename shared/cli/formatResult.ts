import type { Outcome, TransactionResult } from '../domain/result.js';

const words: Readonly<Record<Outcome, string>> = {
  success: 'Success',
  failure: 'Failure',
  inconclusive: 'Inconclusive',
};

/** The exit code of a run: 0 success, 1 the edge's failure, 2 our own trouble. */
export const exitCodes: Readonly<Record<Outcome, number>> = { success: 0, failure: 1, inconclusive: 2 };

/** The cmdlets' five lines, then warnings, and on failure the causes and next steps. */
export function formatResult(result: TransactionResult): string {
  const { diagnosis } = result;
  const said = diagnosis?.serverDiagnosis === undefined ? '' : `, ${diagnosis.serverDiagnosis}`;
  const lines = [
    `Target Fqdn   : ${result.targetFqdn}`,
    `Result        : ${words[result.outcome]}`,
    `Latency       : ${formatLatency(result.latencyMs)}`,
    `Error Message : ${diagnosis?.error ?? ''}`.trimEnd(),
    `Diagnosis     : ${diagnosis ? `${diagnosis.code}${said}` : ''}`.trimEnd(),
    ...result.warnings.map((warning) => `Warning       : ${warning.code}: ${warning.message}`),
    ...result.followUps.map((followUp) => `Follow-up     : ${followUpText(followUp)}`),
    ...section('Likely causes', diagnosis?.causes ?? []),
    ...section('Next steps', diagnosis?.next ?? []),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a transaction found that the failure called for. */
function followUpText({ transaction, outcome, diagnosis, warnings }: TransactionResult): string {
  const found = diagnosis ? [`${diagnosis.code}: ${diagnosis.error}`] : warnings.map(({ code }) => code);
  return [`${transaction}: ${words[outcome]}`, ...found].join(', ');
}

/** `00:00:02.5361946`, as .NET writes a TimeSpan. */
export function formatLatency(ms: number): string {
  const ticks = Math.round(ms * 10_000);
  const seconds = Math.floor(ticks / 10_000_000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}.${String(ticks % 10_000_000).padStart(7, '0')}`;
}

function section(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return ['', `${title}:`, ...items.map((item, index) => `  ${index + 1}. ${item}`)];
}
