import { faults } from './catalogue.js';
import type { ActiveFault, Fault } from './fault.js';

const longestDelayMs = 600_000;

/** A fault that does not exist; the message names those that do. */
export class UnknownFault extends Error {
  override readonly name = 'UnknownFault';
}

/** A delay that a fault cannot have. */
export class WrongDelay extends Error {
  override readonly name = 'WrongDelay';
}

export interface FaultRow {
  readonly name: string;
  readonly description: string;
  readonly on: boolean;
  /** Only of faults that have a delay. */
  readonly delayMs?: number;
}

/** Which faults are on. */
export class FaultSwitches {
  readonly #delays = new Map<string, number>();

  /** Switches a fault on, or changes its delay. Throws UnknownFault or WrongDelay. */
  set(name: string, delayMs?: number): void {
    const fault = find(name);
    if (delayMs !== undefined && fault.delayMs === undefined) throw new WrongDelay(`${name}: this fault has no delay`);
    const delay = delayMs ?? fault.delayMs ?? 0;
    if (!Number.isInteger(delay) || delay < 0 || delay > longestDelayMs) {
      throw new WrongDelay(`${name}: the delay must be 0 to ${longestDelayMs} ms`);
    }
    this.#delays.set(name, delay);
  }

  /** Switches a fault off; one that is off stays off. Throws UnknownFault. */
  clear(name: string): void {
    this.#delays.delete(find(name).name);
  }

  /** The faults that are on, in the order of the catalogue. */
  active(): readonly ActiveFault[] {
    return faults.flatMap((fault) => {
      const delayMs = this.#delays.get(fault.name);
      return delayMs === undefined ? [] : [{ fault, delayMs }];
    });
  }

  /** Every fault with its state, for GET /faults. */
  rows(): readonly FaultRow[] {
    return faults.map((fault) => ({
      name: fault.name,
      description: fault.description,
      on: this.#delays.has(fault.name),
      ...(fault.delayMs === undefined ? {} : { delayMs: this.#delays.get(fault.name) ?? fault.delayMs }),
    }));
  }
}

/** Switches on what `NAME` or `NAME=MS` names. Throws UnknownFault or WrongDelay. */
export function setFromText(switches: FaultSwitches, text: string): void {
  const [, name = text, delay] = /^([^=]*)=(\d{1,9})$/.exec(text) ?? [];
  switches.set(name, delay === undefined ? undefined : Number(delay));
}

function find(name: string): Fault {
  const fault = faults.find((known) => known.name === name);
  if (fault !== undefined) return fault;
  throw new UnknownFault(`${name}: no such fault; there are ${faults.map((known) => known.name).join(', ')}`);
}
