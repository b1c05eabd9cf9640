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
import { rememberedGrammar } from './rememberedGrammar.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const programs = [
  { entry: 'functions/main.ts', output: 'app/main.cjs', compact: true },
  { entry: 'shared/telemetry/applicationInsights.ts', output: 'app/telemetry.cjs', minify: true },
  { entry: 'shared/cli/main.ts', output: 'cli.cjs', executable: true },
  { entry: 'shared/local/main.ts', output: 'local.cjs' },
  { entry: 'test/edge-simulator/main.ts', output: 'edge-simulator.cjs' },
  { entry: 'test/rig/main.ts', output: 'rig.cjs' },
  { entry: 'test/bench/main.ts', output: 'bench.cjs' },
];

/** Bundles every program into `dist/`; `dist/app/` is exactly what is deployed. */
export async function build() {
  const dist = join(root, 'dist');
  await bundleAll(programs, dist);
  writeApp(join(dist, 'app'));
  linkCommand();
}

/** Makes only what is deployed, or only the named files of it, in a folder of its own. */
export async function buildApp(folder, files = ['main.cjs', 'telemetry.cjs']) {
  const wanted = programs.flatMap((program) => {
    const output = program.output.replace('app/', '');
    return files.includes(output) ? [{ ...program, output }] : [];
  });
  await bundleAll(wanted, folder);
  writeApp(folder);
}

async function bundleAll(wanted, folder) {
  try {
    await Promise.all(wanted.map((program) => bundle(program, folder)));
  } finally {
    await esbuild.stop();
  }
}

async function bundle({ entry, output, executable, minify = false, compact = false }, folder) {
  const result = await esbuild.build({
    entryPoints: [join(root, entry)],
    outfile: join(folder, output),
    bundle: true,
    platform: 'node',
    // An ES module bundle registers no function with Azure, and says nothing about it.
    format: 'cjs',
    target: 'node20.19',
    external: ['@azure/functions-core'],
    // What is external and loaded on demand is loaded by `require`.
    supported: { 'dynamic-import': false },
    plugins: [telemetryApart, withoutCollectors, rememberedGrammar],
    // Reading the file is most of a cold start. Names and lines stay: the log shows stacks.
    ...(compact ? { minifyWhitespace: true, lineLimit: 200 } : { minify }),
    // A module of the storage client asks where it lies as soon as it is loaded, and a CommonJS bundle has no answer of its own.
    define: { 'import.meta.url': bundleUrl },
    banner: { js: `${executable ? '#!/usr/bin/env node\n' : ''}${whereItLies}` },
    logLevel: 'warning',
    write: false,
  });
  for (const file of result.outputFiles) place(file.path, file.contents, executable ? 0o755 : 0o644);
}

const bundleUrl = '__bundleUrl';
const whereItLies = `const ${bundleUrl} = require('node:url').pathToFileURL(__filename).href;`;

/** The main bundle loads the telemetry from its file beside it, when there is something to send. */
const telemetryApart = {
  name: 'telemetry-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/telemetry\/applicationInsights\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './telemetry.cjs', external: true } : undefined,
    );
  },
};

/**
 * `applicationinsights` 3.15 replaces `require` and the console's methods as soon as it is imported, for collectors that are
 * not used here. What does it is left out, and the exporters of another protocol with it: half the memory and load time.
 */
const withoutCollectors = {
  name: 'without-collectors',
  setup({ onResolve, onLoad }) {
    const leaveOut = ({ path }) => ({ path, namespace: 'left-out' });
    onResolve({ filter: /^\.\.?\/main$/ }, (found) =>
      /[\\/]applicationinsights[\\/]out[\\/]src[\\/]/.test(found.importer) ? leaveOut(found) : undefined,
    );
    onResolve({ filter: /^@opentelemetry\/exporter-/ }, leaveOut);
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Beside the bundle: host.json, and a package.json without `"type": "module"`, which would make the host read it as one. */
function writeApp(app) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = { name, version, private: true, main: 'main.cjs' };
  place(join(app, 'host.json'), readFileSync(join(root, 'host.json')), 0o644);
  place(join(app, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`, 0o644);
  const deployed = new Set(['main.cjs', 'telemetry.cjs', 'host.json', 'package.json']);
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
