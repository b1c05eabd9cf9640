import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithShell } from './endWithShell.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const verbs = ['start', 'test', 'edge-simulator', 'rig', 'bench'];

const progressEveryMs = 5_000;

/** Makes a bare clone ready (dependencies, bundles) and runs one of its programs. */
async function main([verb, ...args]) {
  requireNode();
  endWithShell();
  if (!verbs.includes(verb)) {
    throw new Error(`expected one of ${verbs.join(', ')}, not "${verb ?? ''}"`);
  }
  const { installDependencies } = await import('./install.mjs');
  const interrupted = await installDependencies(root);
  if (interrupted) return end(interrupted);
  await buildBundles();
  if (verb === 'test') return end(await runTests(args));
  loadProgram(verb === 'start' ? 'local' : verb, args);
}

async function buildBundles() {
  const progress = setInterval(() => console.error('still building the bundles ...'), progressEveryMs);
  try {
    const { build } = await import('./build.mjs');
    await build();
  } finally {
    clearInterval(progress);
  }
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Node.js 20.19 or newer is needed, this is ${process.versions.node}: https://nodejs.org`);
}

/** The servers of the rig first (an installer that cannot is no failure), then every test. */
async function runTests(args) {
  const { runProgram } = await import('./runProgram.mjs');
  const inherited = { cwd: root, stdio: 'inherit' };
  const rig = join(root, 'dist', 'rig.cjs');
  const prepared = await runProgram(process.execPath, [rig, 'install', '--if-possible'], inherited);
  if (prepared.code !== 0) return prepared;
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  return runProgram(process.execPath, [vitest, 'run', ...args], inherited);
}

/** In this process: a signal then reaches the program itself and nothing has to be passed on. */
function loadProgram(name, args) {
  const file = join(root, 'dist', `${name}.cjs`);
  process.argv = [process.execPath, file, ...args];
  createRequire(import.meta.url)(file);
}

/** Ends as the program ended, by its signal where it was one: a shell then stops its own loop too. */
function end({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`edge-probes: ${error.message}`);
  process.exitCode = 1;
});
