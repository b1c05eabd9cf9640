import { startDnsServer } from '../edge-simulator/dns/dnsServer.js';
import { addressRecord, lookUp } from '../edge-simulator/dns/records.js';
import { endWithInput, reply } from './children.js';
import { startRelay } from './relay.js';

/** Ports by the delay, milliseconds, that is met there. */
export interface Peers {
  readonly dns: Readonly<Record<number, number>>;
  readonly relays: Readonly<Record<number, number>>;
}

/** Serves one DNS server and one relay for each delay, in a process of its own. */
export async function peersChild(input: {
  readonly target: number;
  readonly delays: readonly number[];
}): Promise<void> {
  endWithInput();
  const serve = async (start: (delayMs: number) => Promise<number>) =>
    Object.fromEntries(await Promise.all(input.delays.map(async (ms) => [ms, await start(ms)] as const)));
  const peers: Peers = { dns: await serve(startLateDns), relays: await serve((ms) => startRelay(input.target, ms)) };
  reply(peers);
}

/** Gives every name the address 127.0.0.1, always this late; returns its port. */
async function startLateDns(delayMs: number): Promise<number> {
  const server = await startDnsServer((name, type) => {
    const answer = lookUp([name], [addressRecord(name, '127.0.0.1')], name, type);
    return { kind: 'late', answer, delayMs };
  });
  return Number(server.address.split(':')[1]);
}

/** A listener whose process stands still for as many milliseconds as each line of its input says: its queue then fills up. */
export async function standstillChild({ target }: { readonly target: number }): Promise<void> {
  endWithInput();
  const port = await startRelay(target, 0, { backlog: 1 });
  process.stdin.on('data', (line) => {
    reply('standing still');
    // After the reply has left.
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(line)), 5);
  });
  reply(port);
}
