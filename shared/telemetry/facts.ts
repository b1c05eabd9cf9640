import type { TransactionResult } from '../domain/result.js';
import { printable } from '../domain/text.js';
import type { Measurements, Properties } from './telemetryItem.js';

/** Application Insights keeps this much of a property's value. */
const longestValue = 8_192;

/** A host name has 253 characters at most (RFC 1035 section 2.3.4 with the dots). */
export const longestName = 255;

/** What one asks and filters a run's telemetry by. Chosen by name: what the server said and what was observed stay in the result. */
export function propertiesOf(result: TransactionResult): Properties {
  const { diagnosis, warnings } = result;
  return bounded({
    edge: result.edge,
    transaction: result.transaction,
    dialect: result.dialect,
    targetFqdn: printable(result.targetFqdn, longestName),
    scheduledAt: result.scheduledAt,
    proberVersion: result.prober.version,
    code: diagnosis?.code,
    layer: diagnosis?.layer,
    failedStep: diagnosis?.step,
    warnings: warnings.length === 0 ? undefined : [...new Set(warnings.map(({ code }) => code))].slice(0, 5).join(' '),
  });
}

/** The numbers of a run; milliseconds, except the days that the certificate expiring first has left. */
export function measurementsOf({ latencyMs, prober, observations }: TransactionResult): Measurements {
  const { lateMs, eventLoopDelayMs } = prober;
  return numbers({
    latencyMs,
    lateMs,
    eventLoopDelayMs,
    certificateDaysLeft: leastDaysLeft(observations.certificates),
  });
}

/** What each step took that was reached, milliseconds. */
export function stepMeasurementsOf({ steps }: TransactionResult): Measurements {
  return numbers(
    Object.fromEntries(steps.map((step) => [`step.${step.name}`, step.outcome === 'skipped' ? undefined : step.ms])),
  );
}

function numbers(values: Readonly<Record<string, number | undefined>>): Measurements {
  const known = Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  return Object.fromEntries(known);
}

/** The properties that have a value, each on one line and no longer than is kept. */
export function bounded(properties: Readonly<Record<string, string | undefined>>): Properties {
  const given = Object.entries(properties).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, printable(value, longestValue)]));
}

function leastDaysLeft(certificates: unknown): number | undefined {
  if (!Array.isArray(certificates)) return undefined;
  const days = certificates.map((certificate: unknown) =>
    typeof certificate === 'object' && certificate !== null && 'daysLeft' in certificate
      ? certificate.daysLeft
      : undefined,
  );
  const known = days.filter((left): left is number => typeof left === 'number' && Number.isFinite(left));
  return known.length === 0 ? undefined : Math.min(...known);
}
