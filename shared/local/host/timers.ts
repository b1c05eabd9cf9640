import { nextOccurrence, parseSchedule, type Schedule, shortestIntervalMs } from '../../config/ncrontab.js';
import type { Clock } from '../../domain/clock.js';
import { type AppSettings, expandSettings } from './appSettings.js';
import type { Binding, TypedData } from './coreTypes.js';
import type { HostLog } from './hostLog.js';
import type { ScheduleMonitor } from './scheduleMonitor.js';
import { TimerListener } from './timerListener.js';

/** A timer function of the app and how to run it once. */
export interface TimerTrigger {
  readonly functionName: string;
  readonly binding: Binding;
  run(data: TypedData): Promise<void>;
}

/** What the timers of a host share. */
export interface TimerWorld {
  readonly settings: AppSettings;
  readonly clock: Clock;
  readonly monitor: ScheduleMonitor;
  readonly log: HostLog;
}

/** Makes the listener of one timer function. Throws when its schedule is none. */
export function createTimer({ functionName, binding, run }: TimerTrigger, world: TimerWorld): TimerListener {
  const schedule = readSchedule(functionName, binding.schedule, world.settings);
  const timer = {
    schedule: schedule.text,
    shortestIntervalMs: shortestIntervalMs(schedule),
    nextAfter: (atMs: number) => nextOccurrence(schedule, atMs),
    run,
    remembered: () => world.monitor.get(functionName),
    remember: (entry: Parameters<ScheduleMonitor['set']>[1]) => {
      try {
        world.monitor.set(functionName, entry);
      } catch (error) {
        world.log({ level: 'warning', source: 'host', text: `${functionName}  its next run was not noted: ${error}` });
      }
    },
  };
  return new TimerListener(timer, world.clock);
}

/** The schedule of a binding, with its settings put in. Throws with the function, the expression and what was expected. */
export function readSchedule(functionName: string, written: unknown, settings: AppSettings): Schedule {
  if (typeof written !== 'string') throw new Error(`function "${functionName}": it has no schedule`);
  const refuse = (why: string) => new Error(`function "${functionName}": schedule "${written}" ${why}`);
  const text = expand(written, settings, refuse);
  const schedule = parseSchedule(text);
  if (schedule.kind === 'schedule') return schedule;
  throw refuse(text === written ? schedule.message : `("${text}") ${schedule.message}`);
}

function expand(written: string, settings: AppSettings, refuse: (why: string) => Error): string {
  try {
    return expandSettings(written, settings);
  } catch (error) {
    throw refuse(`cannot be read: ${(error as Error).message}`);
  }
}
