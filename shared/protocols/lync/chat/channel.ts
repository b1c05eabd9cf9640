import type { Clock } from '../../../domain/clock.js';
import { type Diagnosis, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { Arrival } from '../../sip/inbox.js';
import type { RawMessage } from '../../sip/rawMessage.js';
import { endedEarly } from '../session/endedEarly.js';
import type { OutgoingCall } from '../session/outgoingCall.js';
import { advance, type ChannelAction, type ChannelEvent, type ChannelState, quietChannel } from './channelState.js';
import { type Command, writeEnvelope } from './commands.js';
import { diagnoseBye, diagnoseInSession, diagnoseVain, type Nothing, type Vain } from './diagnoseChat.js';
import { type ChatText, type Reply, readEnvelope } from './envelope.js';
import { SessionKeeper } from './sessionKeeper.js';

/** The session with the chat server, as far as a channel needs it. */
export type ChatCall = Pick<OutgoingCall, 'dialog' | 'end' | 'close'>;

export interface ChannelOptions {
  readonly call: ChatCall;
  readonly peer: string;
  readonly clock: Clock;
  /** Decimal, another one each time. */
  readonly nextEnvelope: () => string;
  /** How many INFO requests came so far that belong to no session of the user. */
  readonly strayInfos: () => number;
}

/** A posted message that was refused after its SIP answer had taken it. */
interface LateRefusal {
  readonly envelope: string;
  readonly reply: Reply;
}

/** The channel to a chat server: commands and replies, messages, and the timer of its session. One reader at a time. */
export class ChatChannel {
  readonly #options: ChannelOptions;
  #state: ChannelState = quietChannel;
  readonly #replies: Reply[] = [];
  readonly #texts: ChatText[] = [];
  readonly #refusals: LateRefusal[] = [];
  readonly #keeper: SessionKeeper;
  #repeats = 0;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#keeper = new SessionKeeper(options.call.dialog, options.peer, options.clock);
  }

  get alive(): boolean {
    return this.#options.call.dialog.alive;
  }

  /** Begins to watch the session's timer, as the 200 to its INVITE has it. */
  keepAlive(answer: RawMessage): void {
    this.#keeper.start(answer);
  }

  /** Sends a command and returns its reply, whatever its code. Throws a `ProbeError`. */
  async ask(command: Command, scope: Scope): Promise<Reply> {
    const envelope = this.#options.nextEnvelope();
    const asked = `cmd:${command.name}`;
    this.#advance({ kind: 'asked', envelope, name: command.name }, scope);
    try {
      await this.#send(envelope, command, asked, 'CHAT_COMMAND_REFUSED', scope);
      for (;;) {
        const reply = this.#replies.shift();
        if (reply) return reply;
        const event = await this.#hear(`the reply to ${asked}`, scope);
        if (event)
          throw new ProbeError(this.inVain(event, { awaited: `the reply to ${asked}`, code: 'CHAT_REPLY_TIMEOUT' }));
      }
    } finally {
      this.#advance({ kind: 'given-up' }, scope);
    }
  }

  /** Sends a message and returns its envelope once the server's SIP answer took it. Throws a `ProbeError`. */
  async post(message: Command, scope: Scope): Promise<string> {
    const envelope = this.#options.nextEnvelope();
    this.#advance({ kind: 'posted', envelope }, scope);
    await this.#send(envelope, message, 'a message', 'CHAT_MESSAGE_REFUSED', scope);
    return envelope;
  }

  /** A message is waited for from now on: what came in place of it will be told. */
  listen(scope: Scope): void {
    this.#advance({ kind: 'listening' }, scope);
  }

  /** The diagnosis of a wait that was in vain, by what came in place of what was awaited. */
  inVain(event: Nothing, { awaited, code, hint }: Pick<Vain, 'awaited' | 'code' | 'hint'>): Diagnosis {
    const { peer, strayInfos } = this.#options;
    const { strays } = this.#state;
    return diagnoseVain({ awaited, code, peer, strays, strayInfos: strayInfos(), ...(hint && { hint }) }, event);
  }

  /** Texts of the past that came since `listen`. */
  get history(): readonly string[] {
    return this.#state.strays.flatMap((stray) => (stray.kind === 'history' ? stray.texts : []));
  }

  /** The next message that came, of whomever. Throws a `ProbeError` when the session ended or must not be believed. */
  async nextText(awaited: string, scope: Scope): Promise<Arrival<ChatText>> {
    for (;;) {
      const item = this.#texts.shift();
      if (item) return { kind: 'item', item };
      const event = await this.#hear(awaited, scope);
      if (event) return event;
    }
  }

  /** Messages that came and that nobody took; takes in what has arrived by now. Throws a `ProbeError` as `nextText` does. */
  async unreadTexts(scope: Scope): Promise<readonly ChatText[]> {
    while (this.#options.call.dialog.unread.length > 0) await this.#hear('the end of the run', scope);
    return this.#texts;
  }

  /** Waits until the message of `envelope` is refused after all; undefined when the scope ends before. */
  async refusalOf(envelope: string, scope: Scope): Promise<Reply | undefined> {
    for (;;) {
      const found = this.#refusals.find((refusal) => refusal.envelope === envelope);
      if (found) return found.reply;
      if (await this.#hear('the delivery of its message', scope)) return undefined;
    }
  }

  /** BYE. Throws a `ProbeError` when that is refused; the session is over all the same. */
  async end(scope: Scope): Promise<void> {
    this.#keeper.stop();
    const { call, peer } = this.#options;
    const answer = await call.end(scope);
    const found = answer && diagnoseInSession('BYE', peer, answer, 'CHAT_LEAVE_REFUSED');
    if (found) throw new ProbeError(found);
  }

  close(): void {
    this.#keeper.stop();
    this.#options.call.close();
  }

  async #send(
    envelope: string,
    command: Command,
    name: string,
    refused: 'CHAT_COMMAND_REFUSED' | 'CHAT_MESSAGE_REFUSED',
    scope: Scope,
  ): Promise<void> {
    const { call, peer } = this.#options;
    const { dialog } = call;
    const { broken } = this.#keeper;
    if (broken) throw broken;
    if (!dialog.alive) throw new ProbeError(this.#ended(`the answer to ${name}`));
    const body = { contentType: 'text/plain', content: writeEnvelope(envelope, command) };
    const answer = await dialog.request('INFO', { body }, scope);
    // A BYE that crossed the request says more than the 481 that follows it.
    if (!dialog.alive) throw new ProbeError(this.#ended(`the answer to ${name}`));
    const found = diagnoseInSession(`INFO with ${name}`, peer, answer, refused);
    if (found) throw new ProbeError(found);
  }

  /** Takes in the next thing that comes; what is returned says that nothing does. */
  async #hear(awaited: string, scope: Scope): Promise<Nothing | undefined> {
    const { call, peer } = this.#options;
    const { dialog } = call;
    if (!dialog.alive && dialog.unread.length === 0) throw new ProbeError(this.#ended(awaited));
    const arrival = await dialog.next(endedEarly(scope, this.#keeper.doubt));
    const { broken } = this.#keeper;
    if (broken) throw broken;
    if (arrival.kind !== 'item') return arrival;
    const { method, raw } = arrival.item;
    if (method === 'BYE') throw new ProbeError(diagnoseBye(peer, awaited, raw));
    if (method === 'UPDATE') this.#keeper.refreshed();
    if (method === 'INFO') this.#advance({ kind: 'document', reading: readEnvelope(raw.body) }, scope);
    return undefined;
  }

  #advance(event: ChannelEvent, scope: Scope): void {
    const { state, actions } = advance(this.#state, event);
    this.#state = state;
    for (const action of actions) this.#perform(action, scope);
  }

  #perform(action: ChannelAction, scope: Scope): void {
    switch (action.kind) {
      case 'take-reply':
        this.#replies.push(action.reply);
        break;
      case 'take-message':
        this.#texts.push(action.message);
        break;
      case 'take-refusal':
        this.#refusals.push(action);
        break;
      case 'warn-of-repeat':
        this.#repeats += 1;
        if (this.#repeats === 1) {
          const message = `the chat server replied to envelope ${action.reply.envelope} more than once (rpl:${action.reply.name})`;
          scope.warn({ code: 'CHAT_REPLY_REPEATED', message });
        }
    }
  }

  #ended(awaited: string): Diagnosis {
    const { call, peer } = this.#options;
    const { endedBy } = call.dialog;
    if (endedBy) return diagnoseBye(peer, awaited, endedBy);
    return diagnosis('CHAT_SESSION_UNKNOWN', { error: `there is no session with ${peer} any more` });
  }
}
