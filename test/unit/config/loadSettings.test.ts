import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { loadSettings, readTextFile } from '../../../shared/config/loadSettings.js';
import { configWarnings } from '../../../shared/config/warnings.js';

const folder = mkdtempSync(join(tmpdir(), 'edge-probes-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the example file is right, has all nine transactions and nothing to warn about', () => {
  const path = fileURLToPath(new URL('../../../probes.example.json', import.meta.url));

  const { settings, problems } = loadSettings({ path, region: 'eastus' });

  expect(problems).toBeUndefined();
  expect(Object.keys(settings?.edges[0]?.transactions ?? {})).toHaveLength(9);
  expect(settings === undefined ? undefined : configWarnings(settings)).toEqual([]);
});

test('a file that is not there is named, with what names another', () => {
  expect(loadSettings({ path: join(folder, 'gone.json'), region: undefined })).toEqual({
    problems: [
      {
        path: join(folder, 'gone.json'),
        message: 'does not exist; expected a configuration file: EDGE_PROBES_CONFIG or --config names another',
      },
    ],
  });
});

test('a folder and a file beyond all measure are not read', () => {
  const large = join(folder, 'large.json');
  writeFileSync(large, Buffer.alloc(1_048_577, 0x20));

  expect(readTextFile(large)).toEqual({ kind: 'unreadable', why: 'it is larger than 1 MiB' });
  expect(loadSettings({ path: folder, region: undefined }).problems?.map(({ message }) => message)).toEqual([
    'cannot be read (it is not a file); expected a configuration file: EDGE_PROBES_CONFIG or --config names another',
  ]);
});
