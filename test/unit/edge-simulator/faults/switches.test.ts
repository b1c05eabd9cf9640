import { describe, expect, test } from 'vitest';
import { acceptanceOf, policyOf, tlsProfileOf } from '../../../edge-simulator/faults/active.js';
import { faults } from '../../../edge-simulator/faults/catalogue.js';
import { FaultSwitches, setFromText, UnknownFault, WrongDelay } from '../../../edge-simulator/faults/switches.js';

describe('faults', () => {
  test('have names of their own and descriptions of one line', () => {
    expect(new Set(faults.map((fault) => fault.name)).size).toBe(faults.length);
    for (const fault of faults) {
      expect(fault.name).toMatch(/^[a-z0-9.-]+$/);
      expect(fault.description).toMatch(/^.{10,120}$/);
    }
  });

  test('each have at least one effect', () => {
    for (const { name, description, delayMs, ...effects } of faults) {
      expect(Object.keys(effects), `${name}: ${description} ${delayMs}`).not.toEqual([]);
    }
  });
});

describe('FaultSwitches', () => {
  test('shows every fault, and which are on with which delay', () => {
    const switches = new FaultSwitches();

    setFromText(switches, 'late-answer=50');
    switches.set('garbage');
    switches.set('slow');
    switches.clear('garbage');

    expect(switches.rows()).toHaveLength(faults.length);
    expect(switches.rows().filter((row) => row.on)).toMatchObject([
      { name: 'slow', delayMs: 200 },
      { name: 'late-answer', delayMs: 50 },
    ]);
    expect(switches.active().map(({ fault }) => fault.name)).toEqual(['slow', 'late-answer']);
  });

  test('names the faults that exist when it is asked for another', () => {
    const known = faults.map((fault) => fault.name).join(', ');

    expect(() => new FaultSwitches().set('nope')).toThrow(new UnknownFault(`nope: no such fault; there are ${known}`));
    expect(() => new FaultSwitches().clear('toString')).toThrow(UnknownFault);
  });

  test('refuses a delay where there is none, and one that is too long', () => {
    const switches = new FaultSwitches();

    expect(() => switches.set('garbage', 5)).toThrow(new WrongDelay('garbage: this fault has no delay'));
    expect(() => switches.set('slow', 600_001)).toThrow(new WrongDelay('slow: the delay must be 0 to 600000 ms'));
    expect(switches.active()).toEqual([]);
  });

  test('several faults together: each lays its difference over the usual', () => {
    const switches = new FaultSwitches();
    for (const name of ['certificate-expired', 'client-certificate-required', 'challenge-407', 'stale-nonce']) {
      switches.set(name);
    }

    const active = switches.active();

    expect(acceptanceOf(active)).toBe('serve');
    expect(tlsProfileOf(active)).toMatchObject({
      certificate: 'expired',
      minVersion: 'TLSv1.3',
      clientCertificate: true,
    });
    expect(policyOf(active)).toMatchObject({ challenge: 407, stale: 'first', algorithms: ['SHA-256', 'MD5'] });
  });
});
