import { randomBytes } from 'node:crypto';
import type { Environment } from './config/environment.js';
import type { Clock } from './domain/clock.js';
import { toAddress } from './telemetry/address.js';
import { type Reporter, SinkReporter, silentReporter } from './telemetry/reporter.js';

/** Tells Application Insights of the runs, where the environment names one; loads nothing before the first run. */
export function openReporting(environment: Environment, region: string, clock: Clock): Reporter {
  const { telemetry, telemetryAuthentication, siteName } = environment;
  if (!telemetry) return silentReporter;
  return new SinkReporter({
    async open() {
      const address = toAddress(telemetry, telemetryAuthentication);
      const { openApplicationInsights } = await import('./telemetry/applicationInsights.js');
      return openApplicationInsights({ address, roleName: siteName ?? 'edge-probes', region, clock });
    },
    clock,
    token: (length) => randomBytes(length).toString('hex').slice(0, length),
  });
}
