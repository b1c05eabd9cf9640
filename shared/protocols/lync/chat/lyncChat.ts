import type { Clock } from '../../../domain/clock.js';
import { fail } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { LyncUserAgent } from '../lyncUserAgent.js';
import { askForSettings } from '../provisioning.js';
import { awaitText, type OnItsWay, warnOfCopies } from './awaitText.js';
import { briefly } from './briefly.js';
import type { ChatChannel } from './channel.js';
import { readChatSettings, requirePool, settingsRequest } from './chatSettings.js';
import type { PostedText } from './chatText.js';
import { joinRoom, leaveRoom, postMessage, searchRooms } from './commands.js';
import { joinCode } from './diagnoseChat.js';
import {
  askForServer,
  type ChannelWorld,
  type ChatSession,
  greetServer,
  prepareSession,
  requireSuccess,
  startSession,
} from './openChannel.js';
import { type RoomAddress, readRoomAddress, roomUri } from './roomAddress.js';
import { chooseRoom, readJoined } from './rooms.js';

/** A user's part in Persistent Chat (MS-XCCOSIP); nothing is sent before it is asked for. Every call throws a `ProbeError`. */
export interface LyncChat {
  readonly sipAddress: string;
  readonly peer: string;
  /** The address of the service that the front end names for this user. */
  findService(scope: Scope): Promise<string>;
  /** A session with the chat server that the service at `poolUri` wants to be used. */
  open(poolUri: string, scope: Scope): Promise<void>;
  /** The room of that name or address (ma-chan://…). */
  findRoom(wanted: string, scope: Scope): Promise<RoomAddress>;
  join(room: RoomAddress, scope: Scope): Promise<void>;
  /** Writes into the room, where the server's answer takes it. */
  post(message: PostedText, scope: Scope): Promise<OnItsWay>;
  /** Waits until a message of the other user has reached this one. */
  receive(posted: OnItsWay, scope: Scope): Promise<void>;
  /** Warns when a message that was received already has come again by now. */
  warnOfCopies(posted: OnItsWay, scope: Scope): Promise<void>;
  /** Might the server hold a session of ours? */
  readonly mayBeInside: boolean;
  /** Leaves the room and ends every session. */
  leave(scope: Scope): Promise<void>;
  close(): void;
}

export interface LyncChatOptions {
  readonly sipAddress: string;
  readonly clock: Clock;
  /** Bytes from a cryptographic source. */
  readonly randomBytes: (length: number) => Buffer;
}

type User = Pick<LyncUserAgent, 'peer' | 'request' | 'openCall' | 'describeSession' | 'strayInfos'>;

/** The chat rooms of a user that is signed in. */
export function openLyncChat(user: User, options: LyncChatOptions): LyncChat {
  return new Chat(user, options);
}

/** More participants than a room for monitoring has. */
const crowd = 50;
/** How long the reply to leaving is waited for, milliseconds. */
const partMs = 1_500;

class Chat implements LyncChat {
  readonly sipAddress: string;
  readonly #user: User;
  readonly #world: ChannelWorld;
  readonly #clock: Clock;
  readonly #sessions: ChatSession[] = [];
  #joined: RoomAddress | undefined;

  constructor(user: User, { sipAddress, clock, randomBytes }: LyncChatOptions) {
    let envelope = randomBytes(4).readUInt32BE() % 1_000_000_000;
    const nextEnvelope = () => {
      envelope += 1;
      return String(envelope);
    };
    this.sipAddress = sipAddress;
    this.#user = user;
    this.#clock = clock;
    this.#world = { user, clock, nextEnvelope, strayInfos: () => user.strayInfos };
  }

  get peer(): string {
    return this.#user.peer;
  }

  get mayBeInside(): boolean {
    return this.#sessions.some(({ call }) => call.alive);
  }

  async findService(scope: Scope): Promise<string> {
    const document = await askForSettings(this.#user, settingsRequest(this.sipAddress), scope);
    return requirePool(readChatSettings(document), this.sipAddress, this.peer);
  }

  async open(poolUri: string, scope: Scope): Promise<void> {
    const first = await this.#start(poolUri, scope);
    const server = await askForServer(first.channel, this.#clock, scope);
    if (server === undefined || server.toLowerCase() === poolUri.toLowerCase()) {
      return greetServer(first.channel, poolUri, scope);
    }
    const second = await this.#start(server, scope);
    // The first was for the question alone: how it ends decides nothing.
    const ending = briefly(partMs, this.#clock, scope, (brief) => first.channel.end(brief)).catch(() => undefined);
    await Promise.all([greetServer(second.channel, server, scope), ending]);
  }

  async findRoom(wanted: string, scope: Scope): Promise<RoomAddress> {
    const given = readRoomAddress(wanted);
    if (given) return given;
    const reply = await this.#channel().ask(searchRooms(wanted), scope);
    requireSuccess(reply, 'cmd:chansrch', 'CHAT_COMMAND_REFUSED');
    const choice = chooseRoom(reply, wanted);
    if (choice.kind === 'room') return choice.room;
    if (choice.kind === 'several') {
      fail('CHAT_ROOM_AMBIGUOUS', {
        error: `${choice.uris.length} rooms are called "${wanted}": ${choice.uris.join(', ')}`,
      });
    }
    const similar = choice.others.length > 0 ? `; similar: ${choice.others.join(', ')}` : '';
    return fail('CHAT_ROOM_NOT_FOUND', {
      error: `no room called "${wanted}" is shown to ${this.sipAddress}${similar}`,
    });
  }

  async join(room: RoomAddress, scope: Scope): Promise<void> {
    const uri = roomUri(room);
    // Set before: the reply may be lost after the server let us in.
    this.#joined = room;
    const reply = await this.#channel().ask(joinRoom(room), scope);
    if (reply.code !== 200) this.#joined = undefined;
    requireSuccess(reply, `cmd:join of ${uri} by ${this.sipAddress}`, joinCode(reply));
    const joined = readJoined(reply, room);
    if (!joined)
      fail('CHAT_REPLY_EMPTY', { error: `the chat server replied 200 to cmd:join of ${uri} without the room` });
    scope.observe({ room: uri, participants: joined.present });
    if (joined.present <= crowd) return;
    const message = `${joined.present} participants are in the room "${joined.name}", and see every message of the monitoring`;
    scope.warn({ code: 'CHAT_ROOM_CROWDED', message });
  }

  async post(message: PostedText, scope: Scope): Promise<OnItsWay> {
    const sender = this.#channel();
    const command = postMessage(message.room, this.sipAddress, message.text, this.#clock.now());
    const envelope = await sender.post(command, scope);
    return { ...message, refusal: (waiting) => sender.refusalOf(envelope, waiting) };
  }

  receive(posted: OnItsWay, scope: Scope): Promise<void> {
    return awaitText(this.#channel(), posted, scope);
  }

  warnOfCopies(posted: OnItsWay, scope: Scope): Promise<void> {
    return warnOfCopies(this.#channel(), posted, scope);
  }

  async leave(scope: Scope): Promise<void> {
    const [room, channel] = [this.#joined, this.#sessions.at(-1)?.channel];
    this.#joined = undefined;
    try {
      if (room && channel?.alive) {
        // BYE must have its time also where nobody replies: it alone takes the user out for sure.
        const reply = await briefly(partMs, this.#clock, scope, (brief) => channel.ask(leaveRoom(room), brief));
        requireSuccess(reply, 'cmd:part', 'CHAT_LEAVE_REFUSED');
      }
    } finally {
      await this.#endAll(scope);
    }
  }

  close(): void {
    for (const { channel } of this.#sessions) channel.close();
  }

  async #start(uri: string, scope: Scope): Promise<ChatSession> {
    const session = prepareSession(uri, this.#world);
    this.#sessions.push(session);
    await startSession(session, uri, this.#world, scope);
    return session;
  }

  #channel(): ChatChannel {
    const channel = this.#sessions.at(-1)?.channel;
    if (!channel) throw new Error('no session with the chat server was opened');
    return channel;
  }

  /** BYE ends also what was not left in order: the server takes the user out of every room. */
  async #endAll(scope: Scope): Promise<void> {
    const alive = this.#sessions.filter(({ call }) => call.alive);
    const ended = await Promise.allSettled(alive.map(({ channel }) => channel.end(scope)));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }
}
