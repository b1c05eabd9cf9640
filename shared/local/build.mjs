import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');

const programs = [
  { entry: 'functions/main.ts', output: 'app/main.cjs' },
  { entry: 'shared/cli/main.ts', output: 'cli.cjs', executable: true },
  { entry: 'shared/local/main.ts', output: 'local.cjs' },
  { entry: 'test/edge-simulator/main.ts', output: 'edge-simulator.cjs' },
  { entry: 'test/rig/main.ts', output: 'rig.cjs' },
];

/** Bundles every program into `dist/`; `dist/app/` is exactly what is deployed. */
export async function build() {
  try {
    await Promise.all(programs.map(bundle));
  } finally {
    await esbuild.stop();
  }
  writeApp();
  linkCommand();
}

async function bundle({ entry, output, executable }) {
  const result = await esbuild.build({
    entryPoints: [join(root, entry)],
    outfile: join(dist, output),
    bundle: true,
    platform: 'node',
    // An ES module bundle registers no function with Azure, and says nothing about it.
    format: 'cjs',
    target: 'node20.19',
    external: ['@azure/functions-core'],
    banner: executable ? { js: '#!/usr/bin/env node' } : {},
    logLevel: 'warning',
    write: false,
  });
  for (const file of result.outputFiles) place(file.path, file.contents, executable ? 0o755 : 0o644);
}

/** Beside the bundle: host.json, and a package.json without `"type": "module"`, which would make the host read it as one. */
function writeApp() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = { name, version, private: true, main: 'main.cjs' };
  const app = join(dist, 'app');
  place(join(app, 'host.json'), readFileSync(join(root, 'host.json')), 0o644);
  place(join(app, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`, 0o644);
  const deployed = new Set(['main.cjs', 'host.json', 'package.json']);
  for (const name of readdirSync(app)) {
    if (!deployed.has(name)) rmSync(join(app, name), { recursive: true, force: true });
  }
}

/** Renamed into place, so that a program started meanwhile loads the old file or the new one, never half of one. */
function place(path, content, mode) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, content);
  chmodSync(draft, mode);
  renameSync(draft, path);
}

/** `npx edge-probes` looks in node_modules/.bin, where npm puts no link for a package's own command. */
function linkCommand() {
  if (process.platform === 'win32') return;
  const bin = join(root, 'node_modules', '.bin');
  const draft = join(bin, `.edge-probes.${process.pid}`);
  mkdirSync(bin, { recursive: true });
  rmSync(draft, { force: true });
  symlinkSync('../../dist/cli.cjs', draft);
  renameSync(draft, join(bin, 'edge-probes'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // esbuild has said where and why.
  await build().catch(() => {
    process.exitCode = 1;
  });
}
