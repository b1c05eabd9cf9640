import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ChildProgram, type Environment } from './childProgram.js';
import { parseSecrets } from './secretsFile.js';

/** Where the simulator is and where it may write. */
export interface DemoOptions {
  /** The project's folder, with dist. */
  readonly root: string;
  readonly folder: string;
  readonly parentEnv: Environment;
  /** Gives up waiting for it. */
  readonly signal?: AbortSignal | undefined;
}

const readyWithinMs = 20_000;

/** The bundled Edge simulator, for a first look without an Edge: it ends with this process. */
export class Demo {
  readonly #child: ChildProgram;
  /** The configuration it wrote. */
  readonly configPath: string;
  /** The passwords of its accounts, by the variable that the configuration names. */
  readonly secrets: Readonly<Record<string, string>>;

  private constructor(child: ChildProgram, configPath: string) {
    this.#child = child;
    this.configPath = configPath;
    this.secrets = parseSecrets(readFileSync(join(dirname(configPath), 'secrets.env'), 'utf8'));
  }

  /** Resolves once it listens. Throws with what it said. */
  static async start({ root, folder, parentEnv, signal }: DemoOptions): Promise<Demo> {
    const args = ['--dialect', 'lync', '--out', folder, '--parent'];
    const child = new ChildProgram(join(root, 'dist', 'edge-simulator.cjs'), { args, tie: 'stdin', parentEnv });
    try {
      return new Demo(child, await child.waitForOutput(readConfigPath, readyWithinMs, signal));
    } catch (cause) {
      child.kill();
      throw new Error(`the demo Edge (simulator, files in ${folder}) did not start: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  /** Lets it end. Never rejects. */
  stop(): Promise<void> {
    return this.#child.end();
  }

  /** Ends it now. */
  kill(): void {
    this.#child.kill();
  }
}

/** Its first line is `{"control": …, "config": path}`. */
function readConfigPath(output: string): string | undefined {
  const end = output.indexOf('\n');
  if (end < 0) return undefined;
  const first: unknown = JSON.parse(output.slice(0, end));
  if (typeof first === 'object' && first !== null && 'config' in first && typeof first.config === 'string')
    return first.config;
  throw new Error('its first line names no configuration');
}
