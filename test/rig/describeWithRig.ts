import { afterAll, beforeAll, describe, test } from 'vitest';
import { missingFor } from './availability.js';
import { RigError } from './errors.js';
import type { ServiceName } from './plan/services.js';
import type { RigOptions } from './plan/settings.js';
import { openRig, type Rig } from './rig.js';

/** A suite that needs real servers. */
export function describeWithRig(name: string, needs: readonly ServiceName[], suite: () => void): void {
  describeUnlessMissing(name, missingFor(needs), suite);
}

/**
 * A suite that needs what other people wrote. Where some of it is missing the suite is skipped, and says so in its name;
 * under CI=true it fails instead, for there a skipped suite would go unnoticed.
 */
export function describeUnlessMissing(name: string, missing: readonly string[], suite: () => void): void {
  const list = missing.join(', ');
  if (list === '') {
    describe(name, suite);
  } else if (process.env.CI === 'true') {
    describe(name, () => {
      test(`needs ${list}`, () => {
        throw new RigError(`missing: ${list}; install them with: npm run rig -- install`);
      });
    });
  } else {
    const title = `${name} [skipped, missing: ${list}]`;
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
