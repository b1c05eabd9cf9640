import { RigError, UsageError } from './errors.js';
import type { ServerStatus } from './host/serverStatus.js';
import { installIfPossible, installServers } from './install.js';
import { type Command, type FaultCommand, parseCommand, usage } from './plan/commandLine.js';
import { optionsFrom } from './plan/environment.js';
import type { RigOptions } from './plan/settings.js';
import { attachRig, type Rig, raiseRig } from './rig.js';

const say = (message: string) => process.stderr.write(`rig: ${message}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);

async function execute(command: Command, options: RigOptions): Promise<void> {
  switch (command.verb) {
    case 'help':
      return void print(usage);
    case 'install':
      return command.ifPossible ? installIfPossible(say) : installServers(say);
    case 'up': {
      const { rig, keep } = await raiseRig(options);
      keep();
      return void print(JSON.stringify(rig.endpoints, null, 2));
    }
    case 'down':
      return attachRig(options)?.down();
    case 'status':
      return void print(present(options).status().map(statusLine).join('\n'));
    case 'json':
      return void print(JSON.stringify(present(options).endpoints, null, 2));
    case 'log':
      return void print(present(options).log(command.service, command.lines));
    case 'config':
      return present(options).writeConfig(command.folder);
    case 'fault':
      return inflict(present(options), command.fault);
  }
}

function inflict(rig: Rig, fault: FaultCommand): Promise<void> {
  switch (fault.kind) {
    case 'dns':
      return rig.fault.dns(fault.variant);
    case 'cert':
      return rig.fault.cert(fault.holder, fault.certificate);
    case 'clear':
      return rig.fault.clear();
    case 'pause':
    case 'resume':
    case 'stop':
    case 'start':
      return rig.fault[fault.kind](fault.target);
  }
}

function present(options: RigOptions): Rig {
  const rig = attachRig(options);
  if (rig === undefined) throw new RigError('no rig is up here: run up first (RIG_BASE and RIG_STATE say which)');
  return rig;
}

function statusLine({ service, state, pid, processes, memoryKb }: ServerStatus): string {
  if (pid === undefined) return `${service.padEnd(8)} ${state}`;
  return `${service.padEnd(8)} ${state.padEnd(8)} pid ${String(pid).padEnd(8)} ${processes} processes, ${memoryKb} kB`;
}

async function main(): Promise<number> {
  try {
    await execute(parseCommand(process.argv.slice(2)), optionsFrom(process.env));
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
