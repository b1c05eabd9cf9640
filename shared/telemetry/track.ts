import type { TelemetryClient } from 'applicationinsights';
import { toIso } from '../domain/clock.js';
import { carry } from './envelopes.js';
import type { TelemetryItem } from './telemetryItem.js';

/** Hands one item to the SDK, which keeps it until the next flush. */
export function track(client: TelemetryClient, item: TelemetryItem): void {
  const { operationId, parentId, measurements } = item;
  const carried = { time: toIso(item.timeMs), operationId, parentId };
  const properties = { ...item.properties, ...carry(carried) };
  if (item.kind === 'availability') {
    const { id, name, durationMs: duration, success, runLocation, message } = item;
    client.trackAvailability({ id, name, duration, success, runLocation, message, properties, measurements });
  } else if (item.kind === 'dependency') {
    const { name, durationMs: duration, success, type, target, resultCode } = item;
    const own = { ...item.properties, ...carry({ ...carried, type, target, resultCode }) };
    // The start: of a dependency the SDK heeds it, and takes the end as the start plus the duration.
    client.trackDependency({ name, duration, success, time: new Date(item.timeMs), properties: own });
  } else if (item.kind === 'event') {
    client.trackEvent({ name: item.name, properties, measurements });
  } else {
    const exception = Object.assign(new Error(item.message), { name: item.typeName, stack: item.stack });
    client.trackException({ exception, properties, measurements });
  }
}
