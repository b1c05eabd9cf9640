import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faults } from '../../../edge-simulator/faults/catalogue.js';

test('docs/edge-simulator.md has a row for every fault, in the order in which they act', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/edge-simulator.md'), 'utf8');

  const table = page.slice(page.indexOf('| fault | effect |'), page.indexOf('An answer that a fault changes'));

  expect(table.trim().split('\n').slice(2)).toEqual(
    faults.map(({ name, description }) => `| \`${name}\` | ${description} |`),
  );
});
