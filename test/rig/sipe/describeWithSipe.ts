import { describe, test } from 'vitest';
import { RigError } from '../errors.js';
import { missingForSipe } from './availability.js';

/** A suite that needs SIPE: skipped by name where it is missing, and failed there under CI=true. */
export function describeWithSipe(name: string, suite: () => void): void {
  const missing = missingForSipe().join(', ');
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
    console.warn(title);
    describe.skip(title, suite);
  }
}
