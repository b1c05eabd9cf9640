import { fail, ProbeError } from '../domain/diagnosis.js';
import type { Scope } from '../domain/scope.js';
import { requireEcho } from '../protocols/turn/echo/requireEcho.js';
import type { EchoEnd } from '../protocols/turn/echo/runEcho.js';
import type { RelayTransport } from '../protocols/turn/link.js';
import type { AllocateOutcome, RelayClient } from '../protocols/turn/relayClient.js';
import { addressScope, addressText, isAsPublicAs, type TransportAddress } from '../protocols/turn/transportAddress.js';
import type { RunContext } from '../run/transaction.js';

/** The declared steps of one transport. */
export interface RelaySteps<Step extends string> {
  readonly allocate: Step;
  readonly permission: Step;
  readonly echo: Step;
  readonly release: Step;
}

/** The usual names of those steps: `allocate-udp` and so on. */
export function relaySteps<const Transport extends RelayTransport>(transport: Transport) {
  return {
    allocate: `allocate-${transport}`,
    permission: `permission-${transport}`,
    echo: `echo-${transport}`,
    release: `release-${transport}`,
  } as const;
}

/** Two clients of a relay over one transport, and what they ask for. */
export interface RelayProbe<Step extends string, Credentials> {
  readonly steps: RelaySteps<Step>;
  /** Under which its facts stand in the observations. */
  readonly name: 'relayUdp' | 'relayTcp' | 'relayTls';
  readonly clients: readonly [RelayClient<Credentials>, RelayClient<Credentials>];
  readonly credentials: Credentials | undefined;
  readonly packets: number;
  /** Opens a client at another server that the relay names; frees itself at the end of the run. */
  readonly openAt: (
    at: TransportAddress,
    domain: string | undefined,
    scope: Scope,
  ) => Promise<RelayClient<Credentials>>;
  /** Looks for the reason of an error of the first requests; resolves to the error that says it. */
  readonly explain?: (error: unknown, scope: Scope) => Promise<unknown>;
}

type Context<Step extends string> = Pick<RunContext<Step, never>, 'step' | 'cleanup' | 'ports' | 'token'>;

/**
 * Two allocations, a permission for each other, an echo from one to the other and back, and both given back (RFC 8656). Without
 * credentials only the challenge is seen. Throws the `ProbeError` of the step that failed.
 */
export async function probeRelay<Step extends string, Credentials>(
  { step, cleanup, ports, token }: Context<Step>,
  { steps, name, clients, credentials, packets, openAt, explain }: RelayProbe<Step, Credentials>,
): Promise<void> {
  const facts: Record<string, unknown> = {};
  const observe = (scope: Scope, more: Readonly<Record<string, unknown>>) => {
    Object.assign(facts, more);
    scope.observe({ [name]: { ...facts } });
  };
  const used: RelayClient<Credentials>[] = [...clients];
  const release = async (scope: Scope) => {
    const asked = await Promise.allSettled(
      used.filter(({ mayHold }) => mayHold).map((client) => client.release(scope)),
    );
    const refused = asked.find((one) => one.status === 'rejected');
    if (refused) throw refused.reason;
  };
  // Arranged before the first request is sent: its answer may be lost after the allocation was made.
  cleanup(steps.release, release, () => used.some(({ mayHold }) => mayHold));

  let hidden: string | undefined;
  const allocateBoth = async (scope: Scope) => {
    const found: EchoEnd[] = [];
    for (const [index, client] of clients.entries()) {
      const open: OpenAt<Credentials> = async (where, domain) => {
        const another = await openAt(where, domain, scope);
        used[index] = another;
        return another;
      };
      const follow: OpenAt<Credentials> = (where, domain) => {
        observe(scope, { alternateServer: addressText(where) });
        return open(where, domain);
      };
      const { client: at, outcome } = await allocate(client, credentials, scope, follow).catch(async (error) => {
        // RFC 8656 section 7.4: the relay still holds what somebody else had at this port; another one is tried, once.
        if (!isPortHeld(error)) throw error;
        observe(scope, { portHeld: true });
        return allocate(await open(client.remote, undefined), credentials, scope, follow);
      });
      if (outcome.kind !== 'allocated') {
        observe(scope, { realm: outcome.realm });
        warnOfMissingCredentials(at.peer, scope);
        return undefined;
      }
      hidden ??= checkRelayed(at, outcome.relayed, scope);
      found.push({ client: at, relayed: outcome.relayed });
      observe(scope, {
        relayedAddress: addressText(outcome.relayed),
        ...(outcome.reflexive ? { reflexiveAddress: addressText(outcome.reflexive) } : {}),
        ...(outcome.lifetimeSeconds === undefined ? {} : { lifetimeSeconds: outcome.lifetimeSeconds }),
      });
    }
    return found;
  };
  const ends = await step(steps.allocate, (scope) =>
    allocateBoth(scope).catch(async (error) => {
      throw explain ? await explain(error, scope) : error;
    }),
  );
  const [from, to] = ends ?? [];
  if (!from || !to) return;
  await step(steps.permission, async (scope) => {
    const [one, other] = used;
    await one?.permit(to.relayed, scope);
    await other?.permit(from.relayed, scope);
    tellRetransmissions(used, scope, observe);
  });
  await step(steps.echo, async (scope) => {
    const sample = await ports.turn.echo(from, to, { packets, token: token(24) }, scope);
    observe(scope, { echo: sample });
    if (sample.returned === 0 && hidden !== undefined) {
      fail('TURN_RELAYED_ADDRESS_PRIVATE', { error: `${hidden}; none of ${sample.sent} packets came back` });
    }
    requireEcho(sample, used[0]?.peer ?? '', scope);
  });
  await step(steps.release, release);
}

/** Without credentials the challenge is as far as it goes. */
export function warnOfMissingCredentials(peer: string, scope: Scope): void {
  const message = `${peer} asks for credentials, and there are none: no allocation, no echo`;
  scope.warn({ code: 'TURN_CREDENTIALS_MISSING', message });
}

/** Opens a client at a server. */
type OpenAt<Credentials> = (at: TransportAddress, domain: string | undefined) => Promise<RelayClient<Credentials>>;

function isPortHeld(error: unknown): boolean {
  return error instanceof ProbeError && error.diagnosis.code === 'TURN_ALLOCATION_MISMATCH';
}

type Allocated = Exclude<AllocateOutcome, { readonly kind: 'alternate' }>;

/** RFC 8489 section 10: another server is followed to, once. */
async function allocate<Credentials>(
  client: RelayClient<Credentials>,
  credentials: Credentials | undefined,
  scope: Scope,
  openAt: OpenAt<Credentials>,
): Promise<{ readonly client: RelayClient<Credentials>; readonly outcome: Allocated }> {
  const first = await client.allocate(credentials, scope);
  if (first.kind !== 'alternate') return { client, outcome: first };
  const where = `${client.peer} sends clients to ${addressText(first.at)}`;
  // Nobody may lead a prober into its own network by an answer.
  if (!isAsPublicAs(first.at.address, client.remote.address) || first.at.port === 0) {
    fail('TURN_ALTERNATE_UNUSABLE', { error: `${where}, which cannot be reached from outside` });
  }
  const another = await openAt(first.at, first.domain);
  const second = await another.allocate(credentials, scope, { followed: true });
  if (second.kind !== 'alternate') return { client: another, outcome: second };
  return fail('TURN_ALTERNATE_UNUSABLE', { error: `${where}, which sends them to ${addressText(second.at)}` });
}

/** Peers must reach the relayed address from where the relay itself is reached. Gives the words for one that may be why they do not. */
function checkRelayed<Credentials>(
  client: RelayClient<Credentials>,
  relayed: TransportAddress,
  scope: Scope,
): string | undefined {
  const text = `${client.peer} gave the relayed address ${addressText(relayed)}`;
  if (addressScope(relayed.address) === 'unusable' || relayed.port === 0) {
    fail('TURN_RELAYED_ADDRESS_UNUSABLE', { error: `${text}, which can be nobody's` });
  }
  const [reach, ownReach] = [addressScope(relayed.address), addressScope(client.remote.address)];
  if (reach === 'public' || reach === ownReach) return undefined;
  const message = `${text}, which is ${reach}: peers outside cannot reach it`;
  if (!isAsPublicAs(relayed.address, client.remote.address)) {
    scope.warn({ code: 'TURN_RELAYED_ADDRESS_PRIVATE', message });
  }
  return message;
}

function tellRetransmissions<Credentials>(
  clients: readonly RelayClient<Credentials>[],
  scope: Scope,
  observe: (scope: Scope, facts: Readonly<Record<string, unknown>>) => void,
): void {
  const count = clients.reduce((sum, client) => sum + client.retransmissions, 0);
  observe(scope, { retransmissions: count });
  if (count === 0) return;
  const message = `${clients[0]?.peer} answered only after ${count} datagrams had been sent again`;
  scope.warn({ code: 'TURN_REQUEST_RETRANSMITTED', message });
}

/** Tries one transport after another: what fails over one is still tried over the next. Throws the first failure in the end. */
export async function probeEach(probes: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const probe of probes) {
    try {
      await probe();
    } catch (error) {
      if (!sparesOthers(error)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Does a failure on one transport leave something to learn from the next? A refused credential is refused there too. */
function sparesOthers(error: unknown): boolean {
  return error instanceof ProbeError && !endsAll.has(error.diagnosis.code);
}

const endsAll: ReadonlySet<string> = new Set([
  'TURN_CREDENTIALS_REJECTED',
  'TURN_CREDENTIALS_EXPIRED',
  'TURN_CREDENTIALS_MISMATCH',
  'TURN_QUOTA_REACHED',
  'TURN_CAPACITY_INSUFFICIENT',
  'PROBER_RUN_ABORTED',
]);
