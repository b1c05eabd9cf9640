import * as z from 'zod';
import { dnsServer, isAddress, isBareJid, isHost, isHostName, isoTime, isSipAddress, xmppService } from './formats.js';
import { parseSchedule } from './ncrontab.js';
import { expected } from './problems.js';
import type { SecretReference } from './settings.js';

/** Text that passes `test`; `what` says in an error what was expected. */
function checked(test: (text: string) => boolean, what: string) {
  return z.string({ error: expected(what) }).refine(test, { error: expected(what) });
}

function matching(pattern: RegExp, what: string) {
  return z.string({ error: expected(what) }).regex(pattern, { error: expected(what) });
}

/** A whole number in a range, both ends included. */
export function wholeNumber(from: number, to: number) {
  const error = expected(`a whole number from ${from} to ${to}`);
  return z.int({ error }).min(from, { error }).max(to, { error });
}

export function milliseconds(from: number, to: number) {
  const error = expected(`milliseconds, a whole number from ${from} to ${to}`);
  return z.int({ error }).min(from, { error }).max(to, { error });
}

/** The availability aimed at: 0.995, not 99.5. */
export function fraction() {
  const error = expected('a number above 0 and below 1, such as 0.995');
  return z.number({ error }).gt(0, { error }).lt(1, { error });
}

export function oneOf<const Choices extends readonly [string, ...string[]]>(choices: Choices) {
  return z.enum(choices, { error: expected(`one of ${choices.map((choice) => `"${choice}"`).join(', ')}`) });
}

export const flag = () => z.boolean({ error: expected('true or false') });

/** One line for people, 1 to `longest` characters: control characters would reach headers, tables and terminals. */
export function text(longest: number) {
  const what = `text of 1 to ${longest} characters on one line`;
  return checked(
    (value) => value.length <= longest && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+$/u.test(value) && value.trim() !== '',
    what,
  );
}

export const name = () =>
  matching(/^[a-z][a-z0-9-]{0,30}$/, 'a name of 1 to 31 small letters, digits and hyphens that begins with a letter');
export const port = () => wholeNumber(1, 65_535);
export const host = () => checked(isHost, 'a host name or an IP address, such as sip.contoso.com');
export const address = () => checked(isAddress, 'an IP address, such as 192.0.2.10');
export const domain = () => checked(isHostName, 'a domain name, such as contoso.com');
export const sipAddress = () => checked(isSipAddress, 'a SIP address, such as sip:pilar@contoso.com');
export const bareJid = () => checked(isBareJid, 'a bare JID, such as adelaney@partner.example');
export const filePath = () => text(1000);

export const dnsServerText = () =>
  checked(
    (value) => dnsServer(value) !== undefined,
    'the IP address of a DNS server with or without its port, such as 192.0.2.53, 127.0.0.1:5353 or [2001:db8::53]:53',
  );

export const xmppServiceText = () =>
  checked(
    (value) => xmppService(value) !== undefined,
    'xmpp://host:port or xmpps://host:port, such as xmpps://xmpp.partner.example:5223',
  );

export const time = () =>
  checked((value) => isoTime(value) !== undefined, 'an ISO 8601 time with its offset, such as 2026-11-21T22:00:00Z');

/** NCRONTAB; the error says which of its fields is wrong. */
export const scheduleText = () =>
  z.string({ error: expected('six NCRONTAB fields, such as "0 */5 * * * *"') }).check(({ value, issues }) => {
    const parsed = parseSchedule(value);
    if (parsed.kind === 'problem') issues.push({ code: 'custom', input: value, message: parsed.message });
  });

const variable = /^[A-Z][A-Z0-9_]{0,99}$/;
const reference = 'expected {"env": "NAME"}, NAME being an environment variable in capitals';

/** A secret by reference. One check and one error for all of it, so that no part of a misplaced password is repeated. */
export const secretReference = () =>
  z
    .custom<SecretReference>(isReference, {
      error: ({ input }) =>
        typeof input === 'string'
          ? 'is a plain string; expected {"env": "NAME"}: secrets are kept out of the file'
          : `${input === undefined ? 'is missing; ' : ''}${reference}`,
    })
    .meta({
      type: 'object',
      properties: {
        env: { type: 'string', pattern: variable.source, description: 'Name of the environment variable.' },
      },
      required: ['env'],
      additionalProperties: false,
    });

function isReference(input: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const entries = Object.entries(input);
  const [key, value] = entries[0] ?? [];
  return entries.length === 1 && key === 'env' && typeof value === 'string' && variable.test(value);
}
