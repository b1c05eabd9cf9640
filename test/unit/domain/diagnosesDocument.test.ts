import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../shared/domain/diagnoses/catalogue.js';
import { diagnosesDocument } from '../../../shared/domain/diagnosesDocument.js';
import type { CatalogueEntry } from '../../../shared/domain/diagnosis.js';
import { projectRoot } from '../../architecture/sourceFiles.js';

const file = join(projectRoot, 'docs', 'diagnoses.md');
const entry: CatalogueEntry = {
  layer: 'tcp',
  fault: 'target',
  meaning: 'The server refused the connection.',
  causes: ['It is off.'],
  next: ['Run `Get-It <name> *` on DOMAIN\\server, not <elsewhere>.'],
};

describe('the document of diagnoses', () => {
  test('docs/diagnoses.md is what the code generates (UPDATE=1 rewrites it)', () => {
    const generated = diagnosesDocument(catalogue);
    if (process.env.UPDATE === '1') writeFileSync(file, generated);

    expect(readFileSync(file, 'utf8')).toBe(generated);
  });

  test('shows meaning, fault, causes and next steps of a code under its layer', () => {
    const text = diagnosesDocument({ TCP_CONNECTION_REFUSED: entry });

    expect(text.slice(text.indexOf('## '))).toBe(`## \`tcp\`: connecting

### TCP_CONNECTION_REFUSED

The server refused the connection.

Fault: the Edge's (failure).

Likely causes:

1. It is off.

Next steps:

1. Run \`Get-It <name> *\` on DOMAIN\\\\server, not \\<elsewhere>.
`);
  });

  test.each([
    [{ ...entry, fault: 'prober' as const }, "Fault: the prober's (inconclusive)."],
    [{ ...entry, degrades: true }, 'Warning beside a success; makes the state degraded.'],
    [{ ...entry, degrades: false }, 'Warning beside a success; leaves the state as it is.'],
  ])('tells a fault of the prober and the two kinds of warning apart (%#)', (other, words) => {
    expect(diagnosesDocument({ TCP_CONNECTION_REFUSED: other })).toContain(`\n${words}\n`);
  });

  test('orders sections by layer, whatever the order of the catalogue, and leaves empty layers out', () => {
    const text = diagnosesDocument({ TCP_CONNECTION_REFUSED: entry, DNS_NO_ADDRESS: { ...entry, layer: 'dns' } });

    expect(text.match(/^##+ .*$/gm)).toEqual([
      '## `dns`: finding the Edge by name',
      '### DNS_NO_ADDRESS',
      '## `tcp`: connecting',
      '### TCP_CONNECTION_REFUSED',
    ]);
  });
});
