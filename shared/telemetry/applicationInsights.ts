import { TelemetryClient } from 'applicationinsights';
import type { Clock } from '../domain/clock.js';
import type { TelemetryAddress } from './address.js';
import { type AvailabilitySink, flushMs } from './availabilitySink.js';
import { Delivery } from './delivery.js';
import { oneAtATime } from './oneAtATime.js';
import type { TelemetryItem } from './telemetryItem.js';
import { toException } from './toException.js';
import { toTelemetry } from './toTelemetry.js';
import { track } from './track.js';

export interface SinkOptions {
  readonly address: TelemetryAddress;
  /** Under this name the portal shows who sent it: the function app's. */
  readonly roleName: string;
  readonly region: string;
  readonly clock: Clock;
}

/** A sink over the Application Insights SDK with everything off that it does by itself. Throws when it cannot be set up. */
export async function openApplicationInsights({
  address,
  roleName,
  region,
  clock,
}: SinkOptions): Promise<AvailabilitySink> {
  silenceSdk();
  const delivery = new Delivery(clock, { 'ai.cloud.role': roleName, 'ai.cloud.roleInstance': region });
  const client = await openClient(address, delivery);
  // A second flush of the SDK, begun during a first, returns at once and leaves its items behind.
  const deliver = oneAtATime(() => client.flush());
  const send = (items: readonly TelemetryItem[]) => {
    for (const item of items) track(client, item);
  };
  return {
    result: (result, operation) => send(toTelemetry(result, operation)),
    error: (error, operation) => send([toException(error, operation, clock.now())]),
    async flush() {
      const delivered = await within(flushMs, clock, deliver());
      return delivery.takeTrouble() ?? (delivered ? undefined : `not delivered within ${flushMs} ms`);
    },
  };
}

/** The SDK reads these from the environment alone: statistics about itself to Microsoft, and an item about the machine beside every batch. */
function silenceSdk(): void {
  process.env.APPLICATION_INSIGHTS_NO_STATSBEAT = 'true';
  process.env.APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED = 'true';
}

async function openClient(
  { connectionString, identity }: TelemetryAddress,
  delivery: Delivery,
): Promise<TelemetryClient> {
  // Providers of its own: the global ones would bring the collectors with them.
  const client = new TelemetryClient(connectionString.reveal(), { useGlobalProviders: false });
  client.config.samplingPercentage = 100;
  client.config.azureMonitorOpenTelemetryOptions = {
    azureMonitorExporterOptions: {
      connectionString: connectionString.reveal(),
      // Its files would hold results on a disk nobody looks at; what is lost here is in the table.
      disableOfflineStorage: true,
      retryOptions: { maxRetries: 1, retryDelayInMs: 200 },
      additionalPolicies: [{ policy: delivery.policy, position: 'perCall' }],
    },
  };
  if (identity) {
    // Loaded only where it is asked for: it is the larger half of this file.
    const { DefaultAzureCredential } = await import('@azure/identity');
    const { clientId } = identity;
    const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
    client.config.aadTokenCredential = delivery.guarded(credential);
  }
  client.initialize();
  return client;
}

/** True when `work` settled in time. */
function within(limitMs: number, clock: Clock, work: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const stopTimer = clock.after(limitMs, () => resolve(false));
    const settle = () => {
      stopTimer();
      resolve(true);
    };
    work.then(settle, settle);
  });
}
