import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildProgram } from '../../shared/local/childProgram.js';
import { parseSecrets } from '../../shared/local/secretsFile.js';

/** The Edge simulator in a process of its own, so that its work is not taken for the prober's. */
export interface SimulatorProcess {
  readonly host: string;
  readonly port: number;
  readonly sipDomain: string;
  readonly caFile: string;
  /** The account `first`, as probes.json has it. */
  readonly account: object;
  /** The passwords by their variable. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Switches a fault on, with its delay, or off. */
  fault(name: string, delayMs: number | 'off'): Promise<void>;
  end(): Promise<void>;
}

interface WrittenConfig {
  readonly edges: readonly [
    {
      readonly sipDomain: string;
      readonly accessEdge: { readonly host: string; readonly port: number };
      readonly accounts: { readonly first: object };
    },
  ];
}

const readyWithinMs = 20_000;

/** Starts it with its files in `folder`. Throws with what it said. */
export async function startSimulator(
  root: string,
  folder: string,
  { dialect = 'rfc', faults = [] }: { readonly dialect?: 'rfc' | 'lync'; readonly faults?: readonly string[] } = {},
): Promise<SimulatorProcess> {
  mkdirSync(folder, { recursive: true });
  const args = ['--dialect', dialect, '--out', folder, '--parent', ...faults.flatMap((name) => ['--fault', name])];
  const parentEnv = { PATH: process.env.PATH };
  const child = new ChildProgram(join(root, 'dist', 'edge-simulator.cjs'), { args, tie: 'stdin', parentEnv });
  const control = await child.waitForOutput(readControl, readyWithinMs, undefined);
  const written = JSON.parse(readFileSync(join(folder, 'probes.json'), 'utf8')) as WrittenConfig;
  const [{ sipDomain, accessEdge, accounts }] = written.edges;
  return {
    host: accessEdge.host,
    port: accessEdge.port,
    sipDomain,
    caFile: join(folder, 'ca.pem'),
    account: accounts.first,
    secrets: parseSecrets(readFileSync(join(folder, 'secrets.env'), 'utf8')),
    async fault(name, delayMs) {
      const query = delayMs === 'off' ? '' : `?delayMs=${delayMs}`;
      const method = delayMs === 'off' ? 'DELETE' : 'PUT';
      const answer = await fetch(`${control}/faults/${name}${query}`, { method });
      if (!answer.ok) throw new Error(`the fault ${name} could not be switched: ${await answer.text()}`);
    },
    end: () => child.end(),
  };
}

function readControl(output: string): string | undefined {
  if (!output.includes('\n')) return undefined;
  const { control } = JSON.parse(output.split('\n')[0] ?? '') as { readonly control: string };
  return control;
}
