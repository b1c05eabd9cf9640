import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { askOnce } from '../../shared/protocols/turn/datagramLink.js';
import { methods } from '../../shared/protocols/turn/stun/attributes.js';
import { addFingerprint } from '../../shared/protocols/turn/stun/integrity.js';
import { encodeMessage } from '../../shared/protocols/turn/stun/message.js';
import { RigError } from './errors.js';
import { randomNet } from './rig.js';

/** A coturn of its own, with options that the rig's has not. */
export interface Coturn {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const port = 13_478;
const startMs = 10_000;

/** Starts coturn at an address of its own with the user `turnprobe` and the given options. Throws with what it said. */
export async function startCoturn(options: readonly string[], address = `${randomNet()}.31`): Promise<Coturn> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-probes-coturn-'));
  const args = [
    ...[
      '-n',
      '--listening-ip',
      address,
      '--relay-ip',
      address,
      '--listening-port',
      `${port}`,
      '--realm',
      'coturn.test',
    ],
    ...['--no-tls', '--no-dtls', '--no-cli', '--allow-loopback-peers', '--fingerprint', '--log-file', 'stdout'],
    ...['--userdb', join(folder, 'turn.sqlite'), '--pidfile', join(folder, 'turn.pid'), ...options],
  ];
  const child = spawn('turnserver', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4_000);
    });
  }
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const close = async () => {
    process.off('exit', kill);
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const until = performance.now() + startMs;
  while (!(await answers(address))) {
    if (child.exitCode === null && performance.now() < until) {
      await wait(20);
      continue;
    }
    await close();
    throw new RigError(`coturn did not start: ${said}`);
  }
  return { address, port, close };
}

/** Over TCP or UDP: either may be turned off. */
async function answers(address: string): Promise<boolean> {
  if (await accepts(address)) return true;
  const request = addFingerprint(encodeMessage(methods.binding, 'request', '0123456789abcdef01234567', []));
  return (await askOnce({ address, port }, request, AbortSignal.timeout(100))) === 'answered';
}

function accepts(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
