import { UsageError } from '../errors.js';
import { type EdgeNumber, kindOf, type ServiceName, serviceNames } from './services.js';

export interface User {
  readonly name: string;
  readonly password: string;
}

/** What may be chosen; each setting's variable is named beside it. */
export interface RigOptions {
  /** RIG_BASE: every port is this number plus the well-known one. */
  readonly base?: number;
  /** RIG_NET: the first three octets of all addresses; another one gives a second rig beside the first. */
  readonly net?: string;
  /** RIG_STATE: the folder for everything the rig writes; `down` deletes it. */
  readonly state?: string;
  /** RIG_EDGES: with `[1]` alone, DNS still names the second Edge, where nothing listens. */
  readonly edges?: readonly EdgeNumber[];
  /** RIG_SERVICES: only these servers. */
  readonly services?: readonly ServiceName[];
  /** RIG_GW: `direct` keeps addresses as they are, `star` writes user*domain@gateway. */
  readonly gateway?: 'direct' | 'star';
  /** RIG_S2S_SECURE: federation over XMPP by certificates only, not by dialback. */
  readonly certificatesOnly?: boolean;
  /** RIG_DNS_TTL, seconds. */
  readonly dnsTtl?: number;
  /** RIG_SIP_USERS */
  readonly sipUsers?: readonly User[];
  /** RIG_XMPP_USERS */
  readonly xmppUsers?: readonly User[];
  /** RIG_XMPP_LOG */
  readonly xmppLog?: 'info' | 'debug';
}

/** Options checked and with their defaults; kept in the state folder, and valid until `down`. */
export type RigSettings = Required<Omit<RigOptions, 'edges'>>;

const highestPort = 9599;
const maxBase = 65_535 - highestPort;
/** A unix socket's path has 107 characters at most, and ours add up to 20. */
const maxStateLength = 80;

const defaultUsers = {
  sip: ['pilar', 'kenmyer', 'probe1', 'probe2'],
  xmpp: ['adelaney', 'bjensen'],
};

/** Throws `UsageError` on the first option that cannot be; `state` is used where none is chosen. */
export function settle(options: RigOptions, state: string): RigSettings {
  const settings: RigSettings = {
    base: options.base ?? 10_000,
    net: options.net ?? '127.0.0',
    state: options.state ?? state,
    services: chosenServices(options),
    gateway: options.gateway ?? 'direct',
    certificatesOnly: options.certificatesOnly ?? false,
    dnsTtl: options.dnsTtl ?? 1,
    sipUsers: options.sipUsers ?? defaultUsers.sip.map(withPassword),
    xmppUsers: options.xmppUsers ?? defaultUsers.xmpp.map(withPassword),
    xmppLog: options.xmppLog ?? 'info',
  };
  check('RIG_BASE', `a whole number from 0 to ${maxBase}`, settings.base, wholeNumber(settings.base, maxBase));
  check('RIG_NET', 'three octets of loopback such as 127.0.31', settings.net, isLoopbackNet(settings.net));
  check(
    'RIG_STATE',
    `an absolute path of letters, digits and ./_-, at most ${maxStateLength} characters`,
    settings.state,
    /^\/[\w./-]+$/.test(settings.state) && settings.state.length <= maxStateLength,
  );
  check('RIG_DNS_TTL', 'whole seconds from 0 to 86400', settings.dnsTtl, wholeNumber(settings.dnsTtl, 86_400));
  checkUsers('RIG_SIP_USERS', settings.sipUsers);
  checkUsers('RIG_XMPP_USERS', settings.xmppUsers);
  return settings;
}

/** The variables of `options` that say something else than `kept`, as `NAME=value` of what is kept. */
export function contradictions(options: RigOptions, kept: RigSettings): readonly string[] {
  const wanted = settle(options, kept.state);
  const both = [
    ['RIG_NET', options.net, wanted.net, kept.net],
    ['RIG_SERVICES', options.services ?? options.edges, wanted.services.join(' '), kept.services.join(' ')],
    ['RIG_GW', options.gateway, wanted.gateway, kept.gateway],
    ['RIG_S2S_SECURE', options.certificatesOnly, wanted.certificatesOnly, kept.certificatesOnly],
    ['RIG_DNS_TTL', options.dnsTtl, wanted.dnsTtl, kept.dnsTtl],
    ['RIG_SIP_USERS', options.sipUsers, names(wanted.sipUsers), names(kept.sipUsers)],
    ['RIG_XMPP_USERS', options.xmppUsers, names(wanted.xmppUsers), names(kept.xmppUsers)],
    ['RIG_XMPP_LOG', options.xmppLog, wanted.xmppLog, kept.xmppLog],
  ] as const;
  return both
    .filter(([, chosen, want, have]) => chosen !== undefined && want !== have)
    .map(([name, , , have]) => `${name}=${have}`);
}

/** In the order in which servers are named everywhere, each once. */
function chosenServices({ edges, services }: RigOptions): readonly ServiceName[] {
  const ofEdges = serviceNames.filter((name) => {
    const { edge } = kindOf(name);
    return edge === undefined || (edges ?? [1, 2]).includes(edge);
  });
  const outside = services?.find((name) => !ofEdges.includes(name));
  if (outside !== undefined) throw new UsageError(`RIG_SERVICES: ${outside} is of an Edge that RIG_EDGES leaves out`);
  const chosen = services === undefined ? ofEdges : ofEdges.filter((name) => services.includes(name));
  if (chosen.length === 0) throw new UsageError(`RIG_SERVICES: expected some of ${serviceNames.join(', ')}`);
  return chosen;
}

function check(variable: string, expected: string, value: string | number, holds: boolean): void {
  if (!holds) throw new UsageError(`${variable}: expected ${expected}, got ${JSON.stringify(value)}`);
}

/** The characters are those that need no quoting in any of the configuration files they end up in. */
function checkUsers(variable: string, users: readonly User[]): void {
  const fits =
    users.length > 0 &&
    users.every(({ name, password }) => /^[a-z][a-z0-9._-]*$/.test(name) && /^[\w.+=-]+$/.test(password));
  if (!fits)
    throw new UsageError(
      `${variable}: expected "user:password ...", users of a-z 0-9 . _ -, passwords of A-Z a-z 0-9 . _ + = -`,
    );
}

function wholeNumber(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}

function isLoopbackNet(net: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}$/.test(net) && net.split('.').every((octet) => Number(octet) <= 255);
}

function withPassword(name: string): User {
  return { name, password: `Rig-${name}-1` };
}

function names(users: readonly User[]): string {
  return users.map((user) => user.name).join(' ');
}
