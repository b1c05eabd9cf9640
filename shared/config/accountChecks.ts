import type { Dialect, PairRole } from '../domain/edge.js';
import { accountNeeds } from './accountNeeds.js';
import type { EdgeDraft, PairDraft } from './draft.js';
import { isLoopback } from './formats.js';
import { type Finding, type Path, pathText } from './problems.js';
import type { TransactionName } from './settings.js';

const roles = ['first', 'second'] as const satisfies readonly PairRole[];

/** What is wrong with an edge's test accounts taken together. `path` is the edge's. */
export function accountFindings(
  edge: EdgeDraft,
  path: Path,
  regions: readonly (string | undefined)[],
): readonly Finding[] {
  return [
    ...unknownRegions(edge, path, regions),
    ...missingAccounts(edge, path, regions),
    ...sharedAddresses(edge, path),
    ...plainText(edge, path),
  ];
}

function unknownRegions(
  { accountsByRegion = {} }: EdgeDraft,
  path: Path,
  regions: readonly (string | undefined)[],
): readonly Finding[] {
  const choices = regions.length === 0 ? 'it to be listed in regions' : `one of ${regions.join(', ')}`;
  return Object.keys(accountsByRegion)
    .filter((region) => !regions.includes(region))
    .map((region) => ({
      path: [...path, 'accountsByRegion', region],
      message: `is not a known region; expected ${choices}`,
    }));
}

/** The dialect, or undefined while the file names none that exists. */
export function dialectOf(edge: EdgeDraft): Dialect | undefined {
  return 'dialect' in edge ? edge.dialect : 'lync';
}

function missingAccounts(edge: EdgeDraft, path: Path, regions: readonly (string | undefined)[]): readonly Finding[] {
  const dialect = dialectOf(edge);
  if (dialect === undefined) return [];
  const needs = accountNeeds(edge.transactions ?? {}, dialect);
  return pairsInUse(edge, path, regions).flatMap(({ pair, at }) =>
    roles.flatMap((role) => {
      const needing = needs.filter((need) => need.roles.includes(role)).map((need) => need.transaction);
      if (needing.length === 0 || pair[role] !== undefined) return [];
      return [{ path: [...at, role], message: `is missing; expected a test account for ${listed(needing)}` }];
    }),
  );
}

/** The pairs that runs will take: a region's own, and `accounts` where any region has none. */
function pairsInUse(
  { accounts = {}, accountsByRegion = {} }: EdgeDraft,
  path: Path,
  regions: readonly (string | undefined)[],
) {
  const own = Object.entries(accountsByRegion).flatMap(([region, pair]) =>
    pair === undefined || !regions.includes(region) ? [] : [{ pair, at: [...path, 'accountsByRegion', region] }],
  );
  const covered =
    regions.length > 0 && regions.every((region) => region !== undefined && Object.hasOwn(accountsByRegion, region));
  return covered ? own : [{ pair: accounts, at: [...path, 'accounts'] }, ...own];
}

/** A test account is used by one run at a time; a pair needs two of them, and a region's own is its own. */
function sharedAddresses({ accounts, accountsByRegion = {} }: EdgeDraft, path: Path): readonly Finding[] {
  const addressesOf = (pair: PairDraft | undefined, at: Path) =>
    roles.flatMap((role) => {
      const address = pair?.[role]?.sipAddress;
      return address === undefined ? [] : [{ address: address.toLowerCase(), at: [...at, role, 'sipAddress'] }];
    });
  const all = [
    ...addressesOf(accounts, [...path, 'accounts']),
    ...Object.entries(accountsByRegion).flatMap(([region, pair]) =>
      addressesOf(pair, [...path, 'accountsByRegion', region]),
    ),
  ];
  return all.flatMap(({ address, at }, index) => {
    const first = all.findIndex((other) => other.address === address);
    const earlier = all[first];
    if (earlier === undefined || first === index) return [];
    return [{ path: at, message: `is the same as ${pathText(earlier.at)}; expected an account of its own` }];
  });
}

/** Over `tcp` a password's digest and every message can be read on the way. */
function plainText({ accessEdge, accounts, accountsByRegion = {} }: EdgeDraft, path: Path): readonly Finding[] {
  if (accessEdge?.transport !== 'tcp' || accessEdge.allowPlainText === true) return [];
  const target = 'address' in accessEdge ? accessEdge.address : accessEdge.host;
  const hasAccounts = [accounts, ...Object.values(accountsByRegion)].some((pair) => pair?.first ?? pair?.second);
  if (target === undefined || isLoopback(target) || !hasAccounts) return [];
  const message =
    'is tcp; expected tls, a loopback address, or "allowPlainText": true: accounts would sign in unencrypted';
  return [{ path: [...path, 'accessEdge', 'transport'], message }];
}

function listed(names: readonly TransactionName[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
