import { firstSequence } from './commands.js';
import type { ChatText, EnvelopeFlaw, EnvelopePart, EnvelopeReading, Reply } from './envelope.js';
import { historyOf } from './rooms.js';

/** Something that came and that nobody awaited; it says why a wait was in vain. */
export type Stray =
  | { readonly kind: 'unmatched'; readonly reply: Reply }
  | { readonly kind: 'unknown'; readonly what: string }
  | { readonly kind: 'flaw'; readonly flaw: EnvelopeFlaw }
  /** Texts of the past that a reply brought unasked. */
  | { readonly kind: 'history'; readonly texts: readonly string[] };

/** What a client knows of its channel to the chat server. */
export interface ChannelState {
  /** The command whose reply is awaited. */
  readonly awaited: { readonly envelope: string; readonly name: string } | undefined;
  /** Messages that were posted: a reply to one comes only where it is refused. */
  readonly posted: readonly string[];
  /** What was answered; the latest last. */
  readonly answered: readonly Pick<Reply, 'envelope' | 'name'>[];
  /** Since the last wait began; the latest last. */
  readonly strays: readonly Stray[];
}

export type ChannelEvent =
  | { readonly kind: 'asked'; readonly envelope: string; readonly name: string }
  | { readonly kind: 'posted'; readonly envelope: string }
  /** A message is waited for from now on. */
  | { readonly kind: 'listening' }
  /** Nobody waits for the reply any more. */
  | { readonly kind: 'given-up' }
  | { readonly kind: 'document'; readonly reading: EnvelopeReading };

/** What is to be done because of an event. */
export type ChannelAction =
  | { readonly kind: 'take-reply'; readonly reply: Reply }
  /** A posted message was refused after all. */
  | { readonly kind: 'take-refusal'; readonly envelope: string; readonly reply: Reply }
  | { readonly kind: 'take-message'; readonly message: ChatText }
  | { readonly kind: 'warn-of-repeat'; readonly reply: Reply };

export interface ChannelStep {
  readonly state: ChannelState;
  readonly actions: readonly ChannelAction[];
}

const mostKept = 50;
const history = 'bccontext';

/** A channel on which nothing was said yet. */
export const quietChannel: ChannelState = { awaited: undefined, posted: [], answered: [], strays: [] };

/** The channel after an event (MS-XCCOSIP 3.1): replies find their command by envelope and place in it. */
export function advance(state: ChannelState, event: ChannelEvent): ChannelStep {
  switch (event.kind) {
    case 'asked':
      return { state: { ...state, awaited: { envelope: event.envelope, name: event.name }, strays: [] }, actions: [] };
    case 'posted':
      return { state: { ...state, posted: kept(state.posted, event.envelope) }, actions: [] };
    case 'listening':
      return { state: { ...state, strays: [] }, actions: [] };
    case 'given-up':
      return { state: { ...state, awaited: undefined }, actions: [] };
    case 'document':
      return takeDocument(state, event.reading);
  }
}

function takeDocument(state: ChannelState, reading: EnvelopeReading): ChannelStep {
  if (reading.kind !== 'envelope') return passOver(state, { kind: 'flaw', flaw: reading });
  const actions: ChannelAction[] = [];
  let current = state;
  for (const part of reading.parts) {
    const step = takePart(current, part);
    current = step.state;
    actions.push(...step.actions);
  }
  return { state: current, actions };
}

function takePart(state: ChannelState, part: EnvelopePart): ChannelStep {
  switch (part.kind) {
    case 'chat':
      return { state, actions: [{ kind: 'take-message', message: part }] };
    case 'notice':
      return { state, actions: [] };
    case 'unknown':
      return passOver(state, part);
    case 'reply':
      return takeReply(state, part);
  }
}

function takeReply(state: ChannelState, reply: Reply): ChannelStep {
  const { envelope, name, code } = reply;
  const { awaited, posted, answered } = state;
  // Servers send it unasked after an entry, in answer to that or to nothing.
  if (name === history) return passOver(state, { kind: 'history', texts: historyOf(reply) });
  if (reply.sequence !== firstSequence) return passOver(state, { kind: 'unmatched', reply });
  if (awaited?.envelope === envelope) {
    if (!fits(name, awaited.name)) return passOver(state, { kind: 'unknown', what: `rpl:${name}` });
    const next = { ...state, awaited: undefined, answered: kept(answered, { envelope, name }) };
    return { state: next, actions: [{ kind: 'take-reply', reply }] };
  }
  if (posted.includes(envelope)) {
    const others = posted.filter((one) => one !== envelope);
    const next = { ...state, posted: others, answered: kept(answered, { envelope, name }) };
    return { state: next, actions: code === 200 ? [] : [{ kind: 'take-refusal', envelope, reply }] };
  }
  if (answered.some((one) => one.envelope === envelope && one.name === name)) {
    return { state, actions: [{ kind: 'warn-of-repeat', reply }] };
  }
  return passOver(state, { kind: 'unmatched', reply });
}

/** Servers shorten one name; a refusal may come under the name of an error. */
function fits(reply: string, command: string): boolean {
  return reply === command || (command === 'getserverinfo' && reply === 'getservinfo') || reply === 'error';
}

function passOver(state: ChannelState, stray: Stray): ChannelStep {
  return { state: { ...state, strays: kept(state.strays, stray) }, actions: [] };
}

function kept<T>(list: readonly T[], item: T): readonly T[] {
  return [...list, item].slice(-mostKept);
}
