import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takePidLock } from '../../../shared/local/pidLock.mjs';
import { eventually } from './localFolder.js';

const local = join(import.meta.dirname, '..', '..', '..', 'shared', 'local');

/** Stands in for npm: notes that it ran, and does to node_modules what `npm ci` does. */
const fakeNpm = `
const fs = require('node:fs');
fs.appendFileSync('npm-runs', process.argv.slice(2).join(' ') + '\\n');
if (fs.existsSync('npm-fails')) process.exit(7);
const wait = fs.existsSync('npm-hangs') ? 60_000 : 300;
setTimeout(() => {
  fs.rmSync('node_modules', { recursive: true, force: true });
  fs.mkdirSync('node_modules');
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
}, wait);
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edge-probes-install-'));
  writeFileSync(join(root, 'npm-cli.js'), fakeNpm);
  writeLock('1.0.0');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(version: string, path = 'package-lock.json'): void {
  const packages = {
    '': { version: '0.1.0' },
    'node_modules/a': { version },
    'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
  };
  writeFileSync(join(root, path), JSON.stringify({ packages }));
}

/** Runs a script as a program of its own; resolves to its exit code or signal and what it wrote. */
function run(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: { PATH: process.env.PATH, npm_execpath: join(root, 'npm-cli.js') },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ended = new Promise<{ end: number | string | null; output: string }>((resolve) =>
    child.on('close', (code, signal) => resolve({ end: code ?? signal, output })),
  );
  return { child, ended };
}

const install = () =>
  run(`import { installDependencies } from ${JSON.stringify(pathToFileURL(join(local, 'install.mjs')).href)};
    const interrupted = await installDependencies(process.cwd()).catch((error) => { console.error(error.message); process.exit(1); });
    if (interrupted) process.kill(process.pid, interrupted.signal ?? 'SIGTERM');`);

const npmRuns = () =>
  existsSync(join(root, 'npm-runs')) ? readFileSync(join(root, 'npm-runs'), 'utf8').trim().split('\n') : [];

describe('the dependencies', () => {
  test('are installed when there are none, and not again', async () => {
    const first = await install().ended;
    const second = await install().ended;

    expect(first).toEqual({ end: 0, output: 'installing the dependencies (npm ci) ...\n' });
    expect(second).toEqual({ end: 0, output: '' });
    expect(npmRuns()).toEqual(['ci --include=dev --no-audit --no-fund --no-progress']);
  });

  test('are installed again when package-lock.json has changed', async () => {
    await install().ended;
    writeLock('2.0.0');
    await install().ended;

    expect(npmRuns()).toHaveLength(2);
  });

  test('are left alone when npm itself has installed them, though without what is for other platforms', async () => {
    mkdirSync(join(root, 'node_modules'));
    const packages = { 'node_modules/a': { version: '1.0.0' } };
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));

    const { end } = await install().ended;

    expect([end, npmRuns()]).toEqual([0, []]);
  });

  test('are installed when a package is missing', async () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{"packages":{}}');

    await install().ended;

    expect(npmRuns()).toHaveLength(1);
  });

  test('are installed once by two that start together', async () => {
    const ends = await Promise.all([install().ended, install().ended]);

    expect(ends.map(({ end }) => end)).toEqual([0, 0]);
    expect(npmRuns()).toHaveLength(1);
    expect(ends.map(({ output }) => output).join('')).toMatch(
      /process \d+ is installing the dependencies: waiting for it/,
    );
  });

  test('that npm cannot install are an error with its exit code', async () => {
    writeFileSync(join(root, 'npm-fails'), '');

    const { end, output } = await install().ended;

    expect([end, output]).toEqual([
      1,
      'installing the dependencies (npm ci) ...\nnpm ci failed (exit code 7): its messages are above\n',
    ]);
  });

  test('are given up on Ctrl-C, npm included, and the next start installs them', async () => {
    writeFileSync(join(root, 'npm-hangs'), '');
    const { child, ended } = install();
    await eventually(
      () => (npmRuns().length > 0 ? true : undefined),
      () => 'npm was not started',
    );

    child.kill('SIGINT');
    const { end } = await ended;
    rmSync(join(root, 'npm-hangs'));
    const next = await install().ended;

    expect(end).toBe('SIGINT');
    expect(next.end).toBe(0);
    expect(npmRuns()).toHaveLength(2);
  });
});

test('a program that is run ends this one the same way: by its exit code, or by the signal it was passed', async () => {
  const script = (program: string) =>
    `import { runProgram } from ${JSON.stringify(pathToFileURL(join(local, 'runProgram.mjs')).href)};
     console.log('ready');
     const { code, signal } = await runProgram(process.execPath, ['--eval', ${JSON.stringify(program)}], { stdio: 'ignore' });
     if (signal) process.kill(process.pid, signal); else process.exitCode = code;`;
  const stopped = run(script('setTimeout(() => {}, 60_000)'));
  await new Promise((resolve) => stopped.child.stdout.once('data', resolve));

  stopped.child.kill('SIGTERM');

  expect((await stopped.ended).end).toBe('SIGTERM');
  expect((await run(script('process.exit(3)')).ended).end).toBe(3);
});

test.runIf(process.platform !== 'win32')('a program that npm started ends when it has lost npm’s shell', async () => {
  const script = `import { endWithShell } from ${JSON.stringify(pathToFileURL(join(local, 'endWithShell.mjs')).href)};
    endWithShell();
    process.on('SIGTERM', () => { console.log('told to end'); process.exit(0); });
    setTimeout(() => process.exit(1), 10_000);
    console.log('ready');`;
  // What follows the program keeps the shell from becoming the program.
  const shell = spawn('sh', ['-c', '"$0" --input-type=module --eval "$1"; true', process.execPath, script], {
    env: { PATH: process.env.PATH, npm_lifecycle_event: 'start' },
  });
  let output = '';
  const closed = new Promise((resolve) => shell.stdout.on('close', resolve));
  shell.stdout.on('data', (chunk) => {
    output += chunk;
    if (output === 'ready\n') shell.kill('SIGTERM');
  });

  await closed;

  expect(output).toBe('ready\ntold to end\n');
});

describe('a lock file', () => {
  const path = () => join(root, 'folder', 'some.lock');

  test('is held by one process until it is released', () => {
    const first = takePidLock(path());
    const second = takePidLock(path());
    if (first.kind === 'taken') first.release();
    const third = takePidLock(path());

    expect([first.kind, third.kind]).toEqual(['taken', 'taken']);
    expect(second).toEqual({ kind: 'held', pid: process.pid });
  });

  test.each([
    ['a process that is gone', '4194305 12345\n'],
    ['a process whose number was given out again', `${process.pid} 1\n`],
    ['nobody', ''],
    ['a text that is none', 'hello\n'],
  ])('left behind by %s is replaced', (_, content) => {
    mkdirSync(join(root, 'folder'));
    writeFileSync(path(), content);

    expect(takePidLock(path()).kind).toBe('taken');
  });

  test('left behind is taken over by exactly one of many that start together', async () => {
    mkdirSync(join(root, 'folder'));
    writeFileSync(path(), '4194305 12345\n');
    const script = `import { takePidLock } from ${JSON.stringify(pathToFileURL(join(local, 'pidLock.mjs')).href)};
      console.log(takePidLock(${JSON.stringify(path())}).kind);
      setTimeout(() => {}, 60_000);`;
    const runs = Array.from({ length: 8 }, () => run(script));
    const said = runs.map(
      ({ child }) => new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(`${chunk}`.trim()))),
    );

    const kinds = await Promise.all(said);
    for (const { child } of runs) child.kill('SIGKILL');
    await Promise.all(runs.map(({ ended }) => ended));

    expect(kinds.filter((kind) => kind === 'taken')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'held')).toHaveLength(7);
  });
});
