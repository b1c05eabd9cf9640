import { DeadlineExceeded, type Scope } from '../../shared/domain/scope.js';
import type { XmppClient } from '../../shared/protocols/xmpp/client/xmppClient.js';
import { type XmppLogin, xmppClientsIn } from '../fixtures/xmppClients.js';
import { openRig } from '../rig/rig.js';
import { askChild, reply } from './children.js';
import { below, type Figure, spread } from './figure.js';
import { growthFigures, type Held, held } from './leakBench.js';
import { withEndings } from './world.js';

const warmUpSignIns = 50;
const signIns = 500;
const signInWithinMs = 5_000;
const childWithinMs = 240_000;

interface Input {
  readonly ca: string;
  readonly login: XmppLogin;
}

interface SignIns {
  readonly before: Held;
  readonly after: Held;
  /** Of this process, each sign-in and sign-out. */
  readonly cpuMs: readonly number[];
  readonly elapsedMs: readonly number[];
}

/** What an XMPP sign-in at a real server (Prosody, SCRAM-SHA-256, TLS at once) costs, and whether anything of it is left. */
export function xmppBench(): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const rig = await openRig({ services: ['partner'] });
    endings.push(() => rig.down());
    const { ca, xmpp } = rig.endpoints;
    const [user] = xmpp.users;
    if (!user) throw new Error('the rig has no XMPP user');
    const service = { host: xmpp.address, port: xmpp.c2sTls, directTls: true };
    const input: Input = { ca, login: { jid: user.address, password: user.password, service } };
    const options = { input, nodeOptions: ['--expose-gc'], limitMs: childWithinMs };
    const { before, after, cpuMs, elapsedMs } = await askChild<SignIns>('child:xmpp', options);
    return [
      below('CPU of an XMPP sign-in and sign-out', cpuMs, 20, 'ms'),
      { what: 'the same, from the first packet to the last', measured: spread(elapsedMs, 'ms') },
      ...growthFigures(before, after, `${signIns} sign-ins`),
    ];
  });
}

/** In a fresh process with `--expose-gc`: one sign-in after the other. */
export async function xmppChild({ ca, login }: Input): Promise<void> {
  const open = xmppClientsIn({ ca });
  const cpuMs: number[] = [];
  const elapsedMs: number[] = [];
  const repeat = async (times: number) => {
    for (let count = 0; count < times; count += 1) {
      const [cpu, at] = [process.cpuUsage(), performance.now()];
      await signInAndOut(open(login));
      const { user, system } = process.cpuUsage(cpu);
      cpuMs.push((user + system) / 1_000);
      elapsedMs.push(performance.now() - at);
    }
  };
  await repeat(warmUpSignIns);
  const before = await held();
  cpuMs.length = 0;
  elapsedMs.length = 0;
  await repeat(signIns);
  reply({ before, after: await held(), cpuMs, elapsedMs } satisfies SignIns);
}

async function signInAndOut(client: XmppClient): Promise<void> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DeadlineExceeded(signInWithinMs)), signInWithinMs);
  const nothing = () => undefined;
  const scope: Scope = { signal: controller.signal, exclude: nothing, observe: nothing, warn: nothing };
  try {
    await client.resolve(scope);
    await client.connect(scope);
    await client.secure(scope);
    await client.authenticate(scope);
    await client.announce(scope);
    await client.signOut(scope);
  } finally {
    clearTimeout(timer);
    client.close();
  }
}
