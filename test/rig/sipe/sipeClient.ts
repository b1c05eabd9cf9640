import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import type { EdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { RigError } from '../errors.js';
import { findProjectRoot } from '../projectRoot.js';

const deadlineMs = 20_000;
const source = 'test/rig/sipe/sipe-client.c';

/** Compiles the client into `folder` and returns its path. */
export function buildSipeClient(folder: string): string {
  const program = join(folder, 'sipe-client');
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'purple'], { encoding: 'utf8' });
  // libpurple 2 uses what newer GLib calls deprecated.
  const args = ['-O1', '-w', '-rdynamic', join(findProjectRoot(), source), '-o', program, ...flags.trim().split(/\s+/)];
  execFileSync('cc', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return program;
}

/** Who signs on; `login` is `DOMAIN\user`. */
export interface SipeUser {
  readonly sipAddress: string;
  readonly login: string;
  readonly password: string;
}

/** SIPE in a process of its own: a client of Lync that was not written here. */
export class SipeClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  #output = '';
  #log = '';
  #ended = false;

  private constructor(child: ChildProcessWithoutNullStreams, folder: string) {
    this.#child = child;
    this.#folder = folder;
    child.stdout.on('data', (bytes: Buffer) => {
      this.#output += bytes;
    });
    child.stderr.on('data', (bytes: Buffer) => {
      this.#log += bytes;
    });
    child.on('close', () => {
      this.#ended = true;
    });
    child.on('error', () => {
      this.#ended = true;
    });
  }

  /** Starts signing on to the simulator, whose certificate it is told to trust. */
  static async start(program: string, user: SipeUser, simulator: EdgeSimulator): Promise<SipeClient> {
    const folder = mkdtempSync(join(tmpdir(), 'edge-probes-sipe-'));
    const peers = join(folder, 'certificates/x509/tls_peers');
    mkdirSync(peers, { recursive: true });
    writeFileSync(join(peers, simulator.address), await certificateOf(simulator));
    const name = `${user.sipAddress.replace('sip:', '')},${user.login}`;
    const child = spawn(program, [folder, name, `${simulator.address}:${simulator.port}`], {
      // Its own log goes to standard output, between the lines that are waited for.
      env: { PATH: '/usr/bin:/bin', HOME: folder, SIPE_PASSWORD: user.password, DEBUG: '1' },
    });
    return new SipeClient(child, folder);
  }

  /** Everything it said, its own log included. */
  get output(): string {
    return this.#output + this.#log;
  }

  /**
   * Waits for a line that matches: `signed-on`, `connection-error TEXT`, `buddy ADDRESS STATUS-ID STATUS-TEXT` whenever something of it
   * changes, `im ADDRESS HTML`, of a chat room `joined NAME`, `entered ADDRESS`, `went ADDRESS` and `chat ADDRESS HTML`, or one of its
   * log.
   */
  async says(pattern: RegExp): Promise<string> {
    const end = performance.now() + deadlineMs;
    for (;;) {
      const line = this.#output.split('\n').find((text) => pattern.test(text));
      if (line !== undefined) return line;
      if (this.#ended || performance.now() > end) {
        throw new RigError(`SIPE did not say ${pattern}; its last lines: ${this.output.slice(-2000)}`);
      }
      await wait(20);
    }
  }

  /** Publishes a status such as `busy` with a note. */
  setStatus(id: string, note: string): void {
    this.#child.stdin.write(`status ${id} ${note}\n`);
  }

  /** Sends an instant message of one line to a `sip:` address. */
  sendMessage(address: string, text: string): void {
    this.#child.stdin.write(`im ${address} ${text}\n`);
  }

  /** Enters a chat room by its address. */
  joinRoom(address: string): void {
    this.#child.stdin.write(`join ${address}\n`);
  }

  /** Writes one line into the room that was entered last. */
  sayInRoom(text: string): void {
    this.#child.stdin.write(`say ${text}\n`);
  }

  /** Leaves that room. */
  leaveRoom(): void {
    this.#child.stdin.write('leave\n');
  }

  /** Signs off and waits for its end; ends it by force when that takes too long. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    const end = performance.now() + deadlineMs;
    while (!this.#ended && performance.now() < end) await wait(20);
    if (!this.#ended) this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The server's certificate as PEM: SIPE is asked to trust this one, as a user would who was asked. */
function certificateOf({ address, port, ca }: EdgeSimulator): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, ca }, () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      const lines = raw.toString('base64').replace(/.{64}/g, '$&\n');
      resolve(`-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
    });
    socket.on('error', reject);
  });
}
