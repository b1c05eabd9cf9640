import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkSettings } from '../../shared/config/checkSettings.js';
import type { Settings } from '../../shared/config/settings.js';
import { type Clock, systemClock } from '../../shared/domain/clock.js';
import { planOf } from '../../shared/plan.js';
import { openProber } from '../../shared/prober.js';
import { MemoryAccountLease } from '../../shared/store/memoryAccountLease.js';
import { MemoryTables } from '../../shared/store/memoryTables.js';
import { type EdgeSimulator, startEdgeSimulator } from '../edge-simulator/startEdgeSimulator.js';

const minuteMs = 60_000;
const regions = ['westeurope', 'eastus'];

/** Real time for what is on the wire, and hours in between that pass at once. */
class LeapingClock implements Clock {
  #leaptMs = 0;

  now(): number {
    return systemClock.now() + this.#leaptMs;
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#leaptMs;
  }

  after(ms: number, callback: () => void): () => void {
    return systemClock.after(ms, callback);
  }

  leap(ms: number): void {
    this.#leaptMs += ms;
  }
}

describe('a wrong password', () => {
  let simulator: EdgeSimulator;
  beforeEach(async () => {
    simulator = await startEdgeSimulator({ transport: 'tcp' });
  });
  afterEach(() => simulator.close());

  test('reaches the server once in half an hour, whatever runs in two regions, and once more when it was mended', async () => {
    const clock = new LeapingClock();
    const lease = new MemoryAccountLease(new MemoryTables(clock));
    const variables: Record<string, string> = {
      PILAR_PASSWORD: 'wrong',
      KENMYER_PASSWORD: simulator.users.kenmyer.password.reveal(),
    };
    const probers = regions.map((region) => {
      const settings = settingsFor(simulator, region);
      const prober = openProber(settings, { variables, clock, lease: async () => lease });
      return { region, prober, runs: planOf(settings) };
    });
    const round = async () => {
      const codes: string[] = [];
      for (const { region, prober, runs } of probers) {
        for (const planned of runs) {
          const { result, ending } = await prober.run(planned, {
            trigger: 'schedule',
            region,
            scheduledAt: clock.now(),
          });
          if (ending) await lease.release(ending);
          codes.push(result.diagnosis?.code ?? result.outcome);
        }
      }
      return codes;
    };

    const codes: string[] = [];
    const refusedAfter: number[] = [];
    for (let minute = 0; minute < 60; minute += 5) {
      codes.push(...(await round()));
      refusedAfter.push(refusedOf(simulator));
      clock.leap(5 * minuteMs);
    }
    variables.PILAR_PASSWORD = simulator.users.pilar.password.reveal();
    const mended = await round();

    // Every five minutes, from 0 to 55: once at the beginning, once after thirty minutes.
    expect(refusedAfter).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
    expect(new Set(codes)).toEqual(new Set(['AUTH_CREDENTIALS_REJECTED', 'AUTH_ACCOUNT_PARKED']));
    expect(codes.filter((code) => code === 'AUTH_CREDENTIALS_REJECTED').length).toBe(2);
    expect(mended[0]).toBe('success');
    expect(mended.filter((code) => code.startsWith('AUTH_'))).toEqual([]);
    expect(refusedOf(simulator)).toBe(2);
  });
});

/** How many passwords of pilar the simulator refused, by its own count. */
function refusedOf(simulator: EdgeSimulator): number {
  const { signIns } = simulator.state() as unknown as { signIns: Record<string, { refused: number }> };
  return signIns.pilar?.refused ?? Number.NaN;
}

function settingsFor({ address, port, domain, host, users }: EdgeSimulator, ownRegion: string): Settings {
  const account = (user: 'pilar' | 'kenmyer') => ({
    sipAddress: users[user].sipAddress,
    userName: users[user].userName,
    password: { env: `${user.toUpperCase()}_PASSWORD` },
  });
  const edge = {
    name: 'contoso',
    dialect: 'rfc',
    sipDomain: domain,
    accessEdge: { host, address, port, transport: 'tcp' },
    accounts: { first: account('pilar'), second: account('kenmyer') },
    transactions: { registration: {}, presence: {}, im: {} },
  };
  const checked = checkSettings(JSON.stringify({ regions, edges: [edge] }), {
    path: 'probes.json',
    ownRegion,
    readFile: () => ({ kind: 'missing' }),
  });
  if (!checked.settings) throw new Error(JSON.stringify(checked.problems));
  return checked.settings;
}
