import { app } from '@azure/functions';
import type { Service } from '../shared/service.js';

/** One timer per configured edge and transaction: a crash or a time-out stays its own, and the portal shows each. */
export function registerTimers(service: Service): void {
  for (const planned of service.plan) {
    app.timer(planned.functionName, {
      schedule: planned.schedule.text,
      // No `retry`, no `runOnStartup`: a second try would hide the failure being measured.
      handler: async (_timer, context) => {
        await service.runScheduled(planned, (line) => context.log(line), context.traceContext?.traceParent);
      },
    });
  }
}
