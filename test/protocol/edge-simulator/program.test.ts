import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
let bundle: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-simulator-'));
  bundle = join(folder, 'edge-simulator.cjs');
  const entry = join(import.meta.dirname, '../../edge-simulator/main.ts');
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly out: () => string;
  readonly err: () => string;
}

function run(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [bundle, ...args], { stdio: 'pipe' });
  children.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, ended, out: () => out, err: () => err };
}

async function started(running: Running): Promise<{ control: string; config: string }> {
  await expect.poll(() => running.out() || running.child.exitCode, { timeout: 10_000 }).toMatch(/\n/);
  return JSON.parse(running.out().split('\n')[0] ?? '');
}

describe('the edge-simulator program', () => {
  test('writes its files, says where it is, and ends on a signal', async () => {
    const out = join(folder, 'new', 'folder');
    const running = run('--dialect', 'rfc', '--out', out, '--fault', 'late-answer=50');

    const { control, config } = await started(running);
    const faults = await (await fetch(`${control}/faults`)).json();
    const { port } = JSON.parse(await readFile(config, 'utf8')).edges[0].accessEdge;
    running.child.kill('SIGINT');

    expect(await running.ended).toBe(0);
    expect(config).toBe(join(out, 'probes.json'));
    expect((await readdir(out)).sort()).toEqual([
      'ca.pem',
      'partner-key.pem',
      'partner.pem',
      'probes.json',
      'secrets.env',
    ]);
    expect(await readFile(join(out, 'secrets.env'), 'utf8')).toMatch(
      /^PILAR_PASSWORD='[\w-]{24}'\nKENMYER_PASSWORD='[\w-]{24}'\nADELANEY_PASSWORD='[\w-]{24}'\n$/,
    );
    for (const secret of ['secrets.env', 'partner-key.pem']) {
      expect((await stat(join(out, secret))).mode & 0o777).toBe(0o600);
    }
    expect(faults).toContainEqual(expect.objectContaining({ name: 'late-answer', on: true, delayMs: 50 }));
    expect(running.out().trim().split('\n')).toHaveLength(1);
    expect(running.err()).toBe(
      `Edge simulator for contoso.test: sip.contoso.test at 127.0.0.1:${port} (tls); Ctrl-C ends it.\nFaults: late-answer=50\n`,
    );
  });

  test('takes away the secrets of an earlier start before it begins', async () => {
    const out = await mkdtemp(join(folder, 'again-'));
    await writeFile(join(out, 'secrets.env'), "PILAR_PASSWORD='old'\n", { mode: 0o644 });

    const running = run('--dialect', 'rfc', '--out', out);
    await started(running);

    expect(await readFile(join(out, 'secrets.env'), 'utf8')).not.toContain('old');
    expect((await stat(join(out, 'secrets.env'))).mode & 0o777).toBe(0o600);
  });

  test('with --parent it ends when its standard input closes', async () => {
    const running = run('--dialect', 'rfc', '--out', await mkdtemp(join(folder, 'parent-')), '--parent');
    await started(running);
    running.child.stdin?.end();

    expect(await running.ended).toBe(0);
  });

  test('ends on SIGTERM although a client holds a connection to its control address', async () => {
    const running = run('--dialect', 'rfc', '--out', await mkdtemp(join(folder, 'term-')));
    const { control } = await started(running);
    await fetch(`${control}/state`, { headers: { Connection: 'keep-alive' } });
    running.child.kill('SIGTERM');

    expect(await running.ended).toBe(0);
  });

  test('lists its faults', async () => {
    const running = run('--list-faults');

    expect(await running.ended).toBe(0);
    expect(running.out()).toMatch(/^refuse-connection +the port is closed\n/);
  });

  test.each([
    [['--out', 'x'], '--dialect is missing; available: lync, rfc'],
    [['--dialect', 'sip', '--out', 'x'], '--dialect is sip; available: lync, rfc'],
  ])('ends with 2 and one line on wrong usage: %j', async (args, message) => {
    const running = run(...args);

    expect(await running.ended).toBe(2);
    expect(running.err()).toBe(`edge-simulator: ${message}\n`);
    expect(running.out()).toBe('');
  });

  test('ends with 1 when its folder cannot be made', async () => {
    const running = run('--dialect', 'rfc', '--out', join(bundle, 'below-a-file'));

    expect(await running.ended).toBe(1);
    expect(running.err()).toMatch(/^edge-simulator: ENOTDIR/);
  });
});
