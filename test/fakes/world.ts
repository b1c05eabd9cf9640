import type { TransactionSettings } from '../../shared/config/settings.js';
import type { Account, Edge } from '../../shared/domain/edge.js';
import { Secret } from '../../shared/domain/secret.js';
import type { World } from '../../shared/run/world.js';
import { fakePorts } from './fakePorts.js';
import { ManualClock } from './manualClock.js';

/** An rfc edge at `sip.contoso.example:5061`; a test names what differs. */
export function sampleEdge(differs: Partial<Edge> = {}): Edge {
  return {
    name: 'contoso',
    title: 'Contoso Edge',
    dialect: 'rfc',
    sipDomain: 'contoso.example',
    accessEdge: { host: 'sip.contoso.example', port: 5061, transport: 'tls', address: undefined },
    userAgent: undefined,
    ...differs,
  };
}

/** The first test account. */
export function sampleAccount(differs: Partial<Account> = {}): Account {
  return {
    sipAddress: 'sip:pilar@contoso.example',
    userName: 'pilar',
    password: new Secret('correct horse'),
    ...differs,
  };
}

/** Settings as a file without any of its own gives them. */
export function sampleSettings<More extends object>(more: More): TransactionSettings & More {
  const usual = { schedule: '0 */5 * * * *', group: undefined, deadlineMs: undefined, degradedAboveMs: undefined };
  return { title: 'Sample', ...usual, ...more };
}

/** A world in which everything works and time stands still; a test names what differs. */
export function world(differs: Partial<World> = {}): World {
  return {
    edge: sampleEdge(),
    settings: sampleSettings({}),
    accounts: { first: sampleAccount() },
    secret: () => new Secret('battery staple'),
    ports: fakePorts(),
    clock: new ManualClock(),
    region: 'westeurope',
    trigger: 'schedule',
    scheduledAt: Date.parse('2026-11-20T23:15:00.000Z'),
    deadlineMs: undefined,
    version: '1.2.3',
    nodeVersion: '20.20.2',
    coldStart: false,
    token: (length) => 'x'.repeat(length),
    watchEventLoop: () => () => 0,
    ...differs,
  };
}
