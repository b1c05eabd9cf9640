import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Azurite } from '../../../shared/local/azurite.js';
import type { HostLine } from '../../../shared/local/host/hostLog.js';
import { eventually } from './localFolder.js';

/** Says what Azurite says, listens where it is told, and dies when asked to. */
const mortal = `
const port = Number(process.argv[process.argv.indexOf('--tablePort') + 1]);
const server = require('node:http').createServer((request, response) => {
  response.end('alive', () => request.url === '/die' && process.exit(1));
}).listen(port, '127.0.0.1', () => {
  console.log('Azurite Blob service is successfully listening at http://127.0.0.1:1');
  console.log('Azurite Table service is successfully listening at http://127.0.0.1:' + server.address().port);
});
process.on('SIGINT', () => process.exit(0));
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edge-probes-azurite-'));
  mkdirSync(join(root, 'node_modules', 'azurite', 'dist', 'src'), { recursive: true });
  mkdirSync(join(root, 'shared', 'local', 'host'), { recursive: true });
  writeFileSync(join(root, 'shared', 'local', 'host', 'endWithParent.mjs'), '');
});
afterEach(() => rmSync(root, { recursive: true }));

function start(program: string, lines: HostLine[] = []): Promise<Azurite> {
  writeFileSync(join(root, 'node_modules', 'azurite', 'dist', 'src', 'azurite.js'), program);
  return Azurite.start({ root, folder: join(root, 'data'), parentEnv: {}, log: (line) => lines.push(line) });
}

test('storage that dies is started again on the same port', async () => {
  const lines: HostLine[] = [];
  const azurite = await start(mortal, lines);
  const { origin } = new URL(azurite.tablesUrl);

  await fetch(`${origin}/die`).catch(() => undefined);
  await eventually(
    () => (lines.length > 0 ? true : undefined),
    () => 'nothing was said of the death',
  );
  const answer = await eventually(
    () =>
      fetch(origin).then(
        (response) => response.text(),
        () => undefined,
      ),
    () => 'it did not come back',
  );
  azurite.kill();

  expect(answer).toBe('alive');
  expect(lines.map((line) => line.text)).toEqual(['the local storage (Azurite) has ended: it is started again']);
});

test('storage that cannot start is refused with what it said', async () => {
  await expect(start("console.error('EACCES: no room'); process.exit(1);")).rejects.toThrow(
    new Error(
      `the local storage (Azurite, data in ${join(root, 'data')}) did not start: it ended at once: EACCES: no room`,
    ),
  );
});
