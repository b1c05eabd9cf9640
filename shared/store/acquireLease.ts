import type { HeldLease, LeaseAnswer, LeasedAccount, LeaseRequest, Parking } from './accountLease.js';
import { leaseRowKeyOf, statePartitionOf } from './keys.js';
import { type Standing, standingOf, toLeaseEntity } from './leaseEntity.js';
import type { Change, StateRows } from './stateRows.js';

interface Wanted {
  readonly account: string;
  readonly standing: Standing;
}

/** One attempt to take all accounts of a run: one call where they are free, three at most. Throws `StoreError`. */
export async function acquireLease(
  rows: StateRows,
  request: LeaseRequest,
  signal: AbortSignal,
  gaveUp?: ReadonlySet<string>,
): Promise<LeaseAnswer> {
  const partition = statePartitionOf(request.edge);
  const accounts = inOrder(request.accounts);
  // All of them in one write: two runs can never hold one account each and wait for the other.
  const fresh = accounts.map((account): Wanted => ({ account, standing: { kind: 'free', etag: undefined } }));
  const created = await rows.submit(partition, changesFor(fresh, request), signal);
  if (created) return { kind: 'taken', lease: leaseOf(fresh, request, created) };

  const found = await rows.read(partition, accounts.map(leaseRowKeyOf), signal);
  const wanted = accounts.map((account): Wanted => {
    return { account, standing: standingOf(account, found.get(leaseRowKeyOf(account)), request.holder, gaveUp) };
  });
  const refused = await refusal(wanted, request);
  if (refused) return refused;
  const changes = changesFor(wanted, request);
  const written = changes.length === 0 ? new Map<string, string>() : await rows.submit(partition, changes, signal);
  if (written) return { kind: 'taken', lease: leaseOf(wanted, request, written) };
  return { kind: 'busy', account: accounts[0] ?? '', by: undefined };
}

/** One name for each row, in an order that all runs share. */
function inOrder(accounts: readonly string[]): readonly string[] {
  const byKey = new Map(accounts.map((account) => [leaseRowKeyOf(account), account]));
  return [...byKey.keys()].sort().flatMap((key) => byKey.get(key) ?? []);
}

async function refusal(wanted: readonly Wanted[], request: LeaseRequest): Promise<LeaseAnswer | undefined> {
  for (const { account, standing } of wanted) {
    if (standing.kind === 'held') return { kind: 'busy', account, by: standing.by };
  }
  for (const { standing } of wanted) {
    if (standing.kind !== 'parked') continue;
    if (!(await request.mayTry(standing.parked))) return { kind: 'parked', parked: standing.parked };
  }
  return undefined;
}

function changesFor(wanted: readonly Wanted[], request: LeaseRequest): readonly Change[] {
  const { edge, holder, by, at, forMs } = request;
  return wanted.flatMap(({ account, standing }): Change[] => {
    if (standing.kind === 'own' || standing.kind === 'held') return [];
    const parking = parkingIn(standing, at);
    const entity = toLeaseEntity({ edge, account, holding: { holder, by, at, forMs }, parking });
    const { etag } = standing;
    return [etag === undefined ? { kind: 'create', entity } : { kind: 'replace', entity, etag }];
  });
}

function leaseOf(
  wanted: readonly Wanted[],
  { edge, at }: LeaseRequest,
  written: ReadonlyMap<string, string>,
): HeldLease {
  const accounts = wanted.map(({ account, standing }): LeasedAccount => {
    const before = standing.kind === 'own' ? standing.etag : '';
    return { account, etag: written.get(leaseRowKeyOf(account)) ?? before, parking: parkingIn(standing, at) };
  });
  return { edge, accounts };
}

/** Kept in the row while the run lasts: were it killed, the account is parked as before, and this attempt counts. */
function parkingIn(standing: Standing, at: string): Parking | undefined {
  if (standing.kind === 'own') return standing.parking;
  return standing.kind === 'parked' ? { ...standing.parked.parking, triedAt: at } : undefined;
}
