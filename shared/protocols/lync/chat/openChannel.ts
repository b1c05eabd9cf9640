import type { Clock } from '../../../domain/clock.js';
import { type DiagnosisCode, fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { LyncUserAgent } from '../lyncUserAgent.js';
import type { OutgoingCall } from '../session/outgoingCall.js';
import { briefly } from './briefly.js';
import { ChatChannel } from './channel.js';
import { askServer, askServerInfo } from './commands.js';
import { diagnoseInvite, diagnoseRefusal } from './diagnoseChat.js';
import type { Reply } from './envelope.js';
import { readServer, readServerInfo } from './rooms.js';

/** What opening channels takes. */
export interface ChannelWorld {
  readonly user: Pick<LyncUserAgent, 'peer' | 'openCall' | 'describeSession'>;
  readonly clock: Clock;
  /** Decimal, another one each time. */
  readonly nextEnvelope: () => string;
  readonly strayInfos: () => number;
}

/** A session with a chat server. */
export interface ChatSession {
  readonly call: OutgoingCall;
  readonly channel: ChatChannel;
}

/** Servers that want another one to be used say so at once; those that do not may keep silent. */
const indirectionMs = 2_000;

/** A session with the server at `uri`, begun when it is started. */
export function prepareSession(uri: string, { user, ...world }: ChannelWorld): ChatSession {
  const call = user.openCall(uri);
  return { call, channel: new ChatChannel({ ...world, call, peer: user.peer }) };
}

/** INVITE with the description of a session for messages. Throws a `ProbeError` unless it was accepted. */
export async function startSession(
  { call, channel }: ChatSession,
  uri: string,
  { user }: ChannelWorld,
  scope: Scope,
): Promise<void> {
  call.start({ headers: ['Supported: timer'], body: user.describeSession('null') }, scope);
  const answer = await call.answered(scope);
  const found = diagnoseInvite(uri, user.peer, answer);
  if (found) throw new ProbeError(found);
  if (answer.kind === 'response') channel.keepAlive(answer.message);
}

/** The server that is to be used in place of the one that was called; undefined where it is the right one (MS-XCCOSIP 3.1). */
export async function askForServer(channel: ChatChannel, clock: Clock, scope: Scope): Promise<string | undefined> {
  try {
    const reply = await briefly(indirectionMs, clock, scope, (brief) => channel.ask(askServer(), brief));
    return reply.code === 200 ? readServer(reply) : undefined;
  } catch (error) {
    // A server that refuses the question, or does not know it, is the right one; what else is wrong shows in the next command.
    if (error instanceof ProbeError && channel.alive && passing.includes(error.diagnosis.code)) return undefined;
    throw error;
  }
}

const passing: readonly DiagnosisCode[] = [
  'CHAT_REPLY_TIMEOUT',
  'CHAT_REPLY_UNMATCHED',
  'CHAT_ELEMENT_UNKNOWN',
  'CHAT_COMMAND_REFUSED',
];

/** The sign of life of a chat server. Throws a `ProbeError` when it does not give one. */
export async function greetServer(channel: ChatChannel, uri: string, scope: Scope): Promise<void> {
  const domain = uri.slice(uri.indexOf('@') + 1);
  const reply = await channel.ask(askServerInfo(domain), scope);
  requireSuccess(reply, 'cmd:getserverinfo', 'CHAT_COMMAND_REFUSED');
  const info = readServerInfo(reply);
  if (!info)
    fail('CHAT_REPLY_EMPTY', { error: 'the chat server replied 200 to cmd:getserverinfo without a word about itself' });
  scope.observe({
    chatServer: uri,
    ...(info.longestMessage === undefined ? {} : { longestMessage: info.longestMessage }),
  });
}

/** Throws a `ProbeError` of `code` unless the reply is a success. */
export function requireSuccess(reply: Reply, asked: string, code: DiagnosisCode): void {
  if (reply.code !== 200) throw new ProbeError(diagnoseRefusal(reply, asked, code));
}
