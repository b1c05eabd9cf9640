import { type Options, textOption } from './arguments.js';
import { UsageError } from './usageError.js';

/** Where the password of each user comes from when no file says so. */
export const directPasswords = {
  first: 'EDGE_PROBES_PASSWORD',
  second: 'EDGE_PROBES_PEER_PASSWORD',
  receiver: 'EDGE_PROBES_RECEIVER_PASSWORD',
} as const;

/** Options that only some transactions take. */
const takers: Readonly<Record<string, readonly string[]>> = {
  receiver: ['xmpp-im'],
  'receiver-jid': ['xmpp-im'],
  'receiver-service': ['xmpp-im', 'persistent-chat'],
  room: ['persistent-chat'],
  'push-uri': ['push-notification'],
};

/** The transaction's own settings, as a probes.json would have them. Throws `UsageError`. */
export function directTransaction(
  transaction: string,
  options: Options,
  hasReceiverPassword: boolean,
): Record<string, unknown> {
  for (const [option, names] of Object.entries(takers)) {
    if (options[option] !== undefined && !names.includes(transaction)) {
      throw new UsageError(`--${option} is for ${names.join(' and ')}, not for ${transaction}`);
    }
  }
  switch (transaction) {
    case 'xmpp-im':
      return { receiver: receiverFrom(options, hasReceiverPassword) };
    case 'persistent-chat':
      return { room: required(options, 'room', 'name of the room; rfc: its bare JID'), ...membersFrom(options) };
    case 'push-notification':
      return given({ uri: textOption(options, 'push-uri') });
    case 'av-edge':
      return relayFrom(options);
    default:
      return {};
  }
}

/** Is the user of these options an XMPP user, or a user of the relay, and no test account of the Edge? */
export function isForeignUser(transaction: string, options: Options): boolean {
  return options.dialect === 'rfc' && ['persistent-chat', 'av-edge'].includes(transaction);
}

function receiverFrom(options: Options, hasPassword: boolean): Record<string, unknown> {
  const receiver = textOption(options, 'receiver');
  const jid = textOption(options, 'receiver-jid') ?? (receiver?.startsWith('sip:') ? undefined : receiver);
  const sipAddress = receiver?.startsWith('sip:') ? receiver : undefined;
  if (jid === undefined && sipAddress === undefined) {
    throw new UsageError('--receiver is missing; expected the JID or the SIP address of the XMPP user');
  }
  const password = hasPassword ? { env: directPasswords.receiver } : undefined;
  return given({ jid, sipAddress, password, service: textOption(options, 'receiver-service') });
}

/** The two users of an XMPP room; in dialect lync the test accounts enter it. */
function membersFrom(options: Options): Record<string, unknown> {
  if (!isForeignUser('persistent-chat', options)) return {};
  const service = textOption(options, 'receiver-service');
  const member = (option: string, variable: string) => {
    const jid = required(options, option, 'JID of the XMPP user').replace(/^sip:/, '');
    return given({ jid, password: { env: variable }, service });
  };
  return {
    first: member('sip-address', directPasswords.first),
    second: member('peer-sip-address', directPasswords.second),
  };
}

function relayFrom(options: Options): Record<string, unknown> {
  if (!isForeignUser('av-edge', options)) return {};
  return { userName: required(options, 'user-name', 'user of the relay'), password: { env: directPasswords.first } };
}

function required(options: Options, name: string, what: string): string {
  const value = textOption(options, name);
  if (value === undefined) throw new UsageError(`--${name} is missing; expected the ${what}`);
  return value;
}

function given(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
