import type { AccountPair, EdgeSettings, Settings } from './settings.js';

/** Why this process may not run schedules: its region is not one of the configured ones. Undefined when it may. */
export function regionProblem({ ownRegion, regions }: Settings): string | undefined {
  if (regions.includes(ownRegion)) return undefined;
  return `the own region is "${ownRegion}"; expected PROBE_REGION to be one of ${regions.join(', ')}`;
}

/** The test accounts that runs from `region` sign in with. */
export function accountsFor({ accounts, accountsByRegion }: EdgeSettings, region: string): AccountPair {
  // A region is a name from outside, and `constructor` is one: only own keys count.
  const own = Object.hasOwn(accountsByRegion, region) ? accountsByRegion[region] : undefined;
  return own ?? accounts;
}
