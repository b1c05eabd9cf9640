import type { Figure } from './figure.js';

/** What every bench is given. */
export interface BenchWorld {
  /** The project's folder, built. */
  readonly root: string;
  /** A folder of its own, removed afterwards. */
  readonly folder: string;
}

/** Takes its figures and leaves no process behind. Throws when it cannot take them. */
export type Bench = (world: BenchWorld) => Promise<readonly Figure[]>;

/** Runs `work` and then, whatever came of it, every ending in reverse order. */
export async function withEndings<T>(work: (endings: (() => Promise<void> | void)[]) => Promise<T>): Promise<T> {
  const endings: (() => Promise<void> | void)[] = [];
  try {
    return await work(endings);
  } finally {
    for (const end of endings.reverse()) await end();
  }
}
