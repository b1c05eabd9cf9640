import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { systemClock } from '../../../shared/domain/clock.js';
import type { HostLine } from '../../../shared/local/host/hostLog.js';
import { type RunningHost, startHost } from '../../../shared/local/host/startHost.js';

const projectRoot = join(import.meta.dirname, '..', '..', '..');

/** A host with an app made for a test, in a folder of its own. */
export interface SampleHost extends RunningHost {
  readonly lines: readonly HostLine[];
  readonly folder: string;
  /** Resolves when the app or the host has said a line with this text. */
  said(text: string): Promise<string>;
  /** Stops the host and removes the folder. */
  end(): Promise<void>;
}

export interface SampleOptions {
  /** JavaScript; `app` is that of `@azure/functions`. */
  readonly source: string;
  readonly hostJson?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly host?: string;
  readonly port?: number;
  /** Files that lie in the data folder before the start. */
  readonly data?: Readonly<Record<string, string>>;
}

/** Bundles the source as the project's own app is bundled, with its own copy of the library. */
export async function writeApp(folder: string, { source, hostJson = {} }: SampleOptions): Promise<void> {
  await build({
    stdin: { contents: `const { app } = require('@azure/functions');\n${source}`, resolveDir: projectRoot },
    outfile: join(folder, 'main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
  });
  writeFileSync(join(folder, 'package.json'), '{"main":"main.cjs"}');
  writeFileSync(
    join(folder, 'host.json'),
    JSON.stringify({ version: '2.0', extensions: { http: { routePrefix: '' } }, ...hostJson }),
  );
}

export async function startSample(options: SampleOptions): Promise<SampleHost> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-probes-host-'));
  const lines: HostLine[] = [];
  const { settings = {}, host = '127.0.0.1', port = 0, data = {} } = options;
  try {
    await writeApp(folder, options);
    for (const [name, content] of Object.entries(data)) writeFileSync(join(folder, name), content);
    const log = (line: HostLine) => lines.push(line);
    const running = await startHost({
      appFolder: folder,
      settings,
      host,
      port,
      dataDir: folder,
      clock: systemClock,
      log,
    });
    const end = async () => {
      await running.stop();
      rmSync(folder, { recursive: true });
    };
    return { ...running, folder, lines, end, said: (text) => said(lines, text) };
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

async function said(lines: readonly HostLine[], text: string): Promise<string> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; ) {
    const found = lines.find((line) => line.text.includes(text));
    if (found !== undefined) return found.text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nobody said "${text}" but: ${lines.map((line) => line.text).join(' | ')}`);
}
