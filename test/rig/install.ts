import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { missingFor } from './availability.js';
import { RigError } from './errors.js';
import { missingForNice, nicePackages } from './nice/availability.js';
import { serviceNames } from './plan/services.js';
import { missingForSipe, sipePackages } from './sipe/availability.js';

const packages = [
  'kamailio',
  'kamailio-tls-modules',
  'kamailio-presence-modules',
  'kamailio-xmpp-modules',
  'kamailio-extra-modules',
  'prosody',
  'lua-sec',
  'lua-unbound',
  'coturn',
  'knot',
  'openssl',
  'gcc',
  'libc6-dev',
  ...sipePackages,
  ...nicePackages,
];

/** Debian asks this script before a package starts its service; 101 forbids it. */
const policy = '/usr/sbin/policy-rc.d';
const longestMs = 600_000;

export type Say = (message: string) => void;

/** Installs the servers from the distribution's packages. Throws `RigError` when that cannot be done here. */
export function installServers(say: Say): void {
  const asRoot = rootPrefix();
  if (asRoot === undefined) throw new RigError('installing needs root or a sudo that asks no password');
  if (!existsSync('/usr/bin/apt-get'))
    throw new RigError(`installing needs apt-get (Debian or Ubuntu); packages: ${packages.join(' ')}`);
  // The terminal's Ctrl-C reaches apt-get too: it ends, and the policy below is still removed.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  const forbidding = existsSync(policy) ? undefined : forbidServices(asRoot);
  try {
    say('installing Kamailio, Prosody, coturn, Knot DNS and SIPE; this takes about half a minute');
    // Without fresh lists the ones that are there may still do.
    run([...asRoot, 'apt-get', 'update', '-q']);
    const installed = run([
      ...[
        ...asRoot,
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        'install',
        '-y',
        '-q',
        '--no-install-recommends',
      ],
      ...['-o', 'DPkg::Lock::Timeout=120', ...packages],
    ]);
    const missing = allMissing();
    if (!installed || missing.length > 0)
      throw new RigError(`apt-get did not install all; missing: ${missing.join(', ') || 'nothing'}`);
  } finally {
    forbidding?.();
    process.off('SIGINT', ignore);
  }
}

/** The same for `npm test` on a bare clone: does nothing when all is there, and only says so when it cannot. */
export function installIfPossible(say: Say): void {
  const missing = allMissing();
  if (missing.length === 0) return;
  try {
    installServers(say);
  } catch (error) {
    if (!(error instanceof RigError)) throw error;
    say(`${error.message}; tests against real servers are skipped (missing: ${missing.join(', ')})`);
  }
}

function allMissing(): readonly string[] {
  return [...new Set([...missingFor(serviceNames), ...missingForSipe(), ...missingForNice()])];
}

/** What to put before a command so that root runs it; `undefined` when nothing does. */
function rootPrefix(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0
    ? ['sudo', '-n']
    : undefined;
}

function forbidServices(asRoot: readonly string[]): () => void {
  const script = '#!/bin/sh\nexit 101\n';
  const written = run([...asRoot, 'install', '-m', '755', '/dev/stdin', policy], script);
  if (!written)
    throw new RigError(`cannot write ${policy}, without which the packages would start services of their own`);
  return () => run([...asRoot, 'rm', '-f', policy]);
}

/** Everything a command prints is for people, so it goes to standard error. */
function run([program = '', ...args]: readonly string[], input = ''): boolean {
  const done = spawnSync(program, args, { input, stdio: ['pipe', 2, 2], timeout: longestMs });
  return done.status === 0;
}
