import { afterAll, beforeAll, describe, test } from 'vitest';
import { missingFor } from './availability.js';
import { RigError } from './errors.js';
import type { ServiceName } from './plan/services.js';
import type { RigOptions } from './plan/settings.js';
import { openRig, type Rig } from './rig.js';

/**
 * A suite that needs real servers. Where their programs are missing it is skipped, and says so in its name;
 * under CI=true it fails instead, for there a skipped suite would go unnoticed.
 */
export function describeWithRig(name: string, needs: readonly ServiceName[], suite: () => void): void {
  const missing = missingFor(needs).join(', ');
  if (missing === '') {
    describe(name, suite);
  } else if (process.env.CI === 'true') {
    describe(name, () => {
      test(`needs ${missing}`, () => {
        throw new RigError(`missing: ${missing}; install them with: npm run rig -- install`);
      });
    });
  } else {
    const title = `${name} [skipped, missing: ${missing}]`;
    // The default reporter counts skipped suites but does not name them.
    console.warn(title);
    describe.skip(title, suite);
  }
}

/** A rig for all tests of a suite: brought up before the first, taken down after the last. */
export function useRig(options: RigOptions): () => Rig {
  let opened: Rig | undefined;
  beforeAll(async () => {
    opened = await openRig(options);
  });
  afterAll(() => opened?.down());
  return () => {
    if (opened === undefined) throw new RigError('the rig is up only while tests run');
    return opened;
  };
}
