import { UsageError } from '../errors.js';
import { type ServiceName, serviceNames } from './services.js';
import type { RigOptions, User } from './settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The options that RIG_* variables choose; an empty variable chooses nothing. Throws `UsageError`. */
export function optionsFrom(environment: Environment): RigOptions {
  const options: { -readonly [Name in keyof RigOptions]: RigOptions[Name] } = {};
  const read = (name: string, take: (value: string) => void) => {
    const value = environment[name];
    if (value !== undefined && value !== '') take(value);
  };
  read('RIG_BASE', (value) => {
    options.base = wholeNumber('RIG_BASE', value);
  });
  read('RIG_NET', (value) => {
    options.net = value;
  });
  read('RIG_STATE', (value) => {
    options.state = value;
  });
  read('RIG_EDGES', (value) => {
    options.edges = words(value).map((word) => (oneOf('RIG_EDGES', ['1', '2'], word) === '1' ? 1 : 2));
  });
  read('RIG_SERVICES', (value) => {
    options.services = words(value).map((word): ServiceName => oneOf('RIG_SERVICES', serviceNames, word));
  });
  read('RIG_GW', (value) => {
    options.gateway = oneOf('RIG_GW', ['direct', 'star'], value);
  });
  read('RIG_S2S_SECURE', (value) => {
    options.certificatesOnly = oneOf('RIG_S2S_SECURE', ['true', 'false'], value) === 'true';
  });
  read('RIG_DNS_TTL', (value) => {
    options.dnsTtl = wholeNumber('RIG_DNS_TTL', value);
  });
  read('RIG_SIP_USERS', (value) => {
    options.sipUsers = words(value).map(toUser);
  });
  read('RIG_XMPP_USERS', (value) => {
    options.xmppUsers = words(value).map(toUser);
  });
  read('RIG_XMPP_LOG', (value) => {
    options.xmppLog = oneOf('RIG_XMPP_LOG', ['info', 'debug'], value);
  });
  return options;
}

function words(value: string): string[] {
  return value.split(/\s+/).filter((word) => word !== '');
}

function wholeNumber(variable: string, value: string): number {
  if (!/^\d{1,9}$/.test(value))
    throw new UsageError(`${variable}: expected a whole number, got ${JSON.stringify(value)}`);
  return Number(value);
}

function oneOf<Choice extends string>(variable: string, choices: readonly Choice[], value: string): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined)
    throw new UsageError(`${variable}: expected ${choices.join(', ')}, got ${JSON.stringify(value)}`);
  return found;
}

function toUser(word: string): User {
  const colon = word.indexOf(':');
  return colon < 0 ? { name: word, password: '' } : { name: word.slice(0, colon), password: word.slice(colon + 1) };
}
