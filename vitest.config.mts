import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Four projects, from no socket at all to real servers; `npm test` runs them all. */
export default defineConfig({
  test: {
    // Most of them wait for deadlines: two at a time are faster than one, also on a machine with two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/architecture.test.ts'] } },
      { test: { name: 'protocol', include: ['test/protocol/**/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 } },
      {
        test: {
          name: 'rig',
          include: ['test/rig/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // After all others: its servers share the machine with nobody.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
