import { find } from '../../../sip/xmlTree.js';
import type { Occasion } from '../../service.js';
import {
  type ClientElement,
  enteredRoom,
  entryNotice,
  keptMessages,
  leaveNotice,
  listedRoom,
  newMessage,
  replyTo,
  serverAddress,
  serverInfo,
  uriOf,
} from './chatDocuments.js';
import { type ChatRoom, foundBy, longestMessage, nextNumber, remembering, usualRooms } from './chatRooms.js';

/** Who asks: one session of a user, by its name. */
export interface Asker {
  readonly session: string;
  readonly user: string;
}

/** Something for one session, to go in an envelope of its own. */
export interface ForSession {
  readonly session: string;
  readonly part: string;
  readonly occasion: Extract<Occasion, `chat-${string}`>;
}

export interface ChatDeskOptions {
  readonly domain: string;
  readonly users: readonly string[];
  /** The server that clients are told to use. */
  readonly serverUri: string;
}

const ok = 'SUCCESS_OK';

/** The rooms, who is in them, and what becomes of each command (MS-XCCOSIP 3.2). */
export class ChatDesk {
  readonly #options: ChatDeskOptions;
  #rooms: readonly ChatRoom[];
  /** Sessions in a room, by its id, in the order in which they entered. */
  readonly #inside = new Map<string, readonly Asker[]>();

  constructor(options: ChatDeskOptions) {
    this.#options = options;
    this.#rooms = usualRooms(options.users);
  }

  /** What one element of a client leads to. */
  take(element: ClientElement, asker: Asker, nowMs: number): readonly ForSession[] {
    const reply = (code: number, text: string, data = ''): ForSession => ({
      session: asker.session,
      part: replyTo(element, code, text, data),
      occasion: 'chat-reply',
    });
    switch (element.id) {
      case 'cmd:requri':
        return [reply(200, ok, serverAddress(this.#options.serverUri))];
      case 'cmd:getserverinfo':
        return [reply(200, ok, serverInfo(this.#options.domain, nowMs))];
      case 'cmd:getinv':
      case 'cmd:getpref':
        return [reply(200, ok)];
      case 'cmd:chansrch':
        return [reply(200, ok, this.#search(element, asker.user))];
      case 'cmd:join':
      case 'cmd:bjoin':
        return this.#enter(element, asker, reply);
      case 'cmd:bccontext':
        return [this.#history(element, asker, reply)];
      case 'cmd:part':
        return this.#leave(element, asker, reply);
      case 'grpchat':
        return this.#post(element, asker, nowMs, reply);
      default:
        return [reply(400, 'FAILURE_UNKNOWN_COMMAND')];
    }
  }

  /** The session is over: it is in no room any more. */
  drop(session: string): readonly ForSession[] {
    return this.#rooms.flatMap((room) => {
      const asker = this.#in(room).find((one) => one.session === session);
      return asker ? this.#takeOut(room, asker) : [];
    });
  }

  describe(): readonly Readonly<Record<string, unknown>>[] {
    return this.#rooms.map((room) => ({
      name: room.name,
      participants: this.#in(room).map(({ user }) => user),
      messages: room.history.length,
    }));
  }

  #search({ content }: ClientElement, user: string): string {
    const criteria = find(content, 'qib')[0]?.attributes.get('criteria') ?? '';
    const found = foundBy(this.#rooms, criteria, user);
    return found.map((room) => listedRoom(room, this.#options.domain, this.#in(room).length)).join('');
  }

  /** One room alone is refused as a whole; of several, those that may not be entered are left out. */
  #enter(element: ClientElement, asker: Asker, reply: Reply): readonly ForSession[] {
    const { domain } = this.#options;
    const asked = find(element.content, 'chanid').map(({ attributes }) => attributes.get('value') ?? '');
    const rooms = asked.flatMap((id) => this.#rooms.find((room) => room.id === id) ?? []);
    const open = rooms.filter(({ members }) => members.includes(asker.user));
    if (element.id === 'cmd:join' && open.length === 0) {
      return [rooms.length === 0 ? reply(404, 'FAILURE_ROOM_NOT_FOUND') : reply(403, 'FAILURE_ACCESS_DENIED')];
    }
    const notices = open.flatMap((room) => {
      const others = this.#in(room).filter(({ session }) => session !== asker.session);
      this.#inside.set(room.id, [...others, asker]);
      return noticesFor(others, entryNotice(room, domain, asker.user));
    });
    const entered = open.map((room) =>
      enteredRoom(
        room,
        domain,
        this.#in(room).map(({ user }) => user),
      ),
    );
    return [reply(200, ok, entered.join('')), ...notices];
  }

  #history(element: ClientElement, asker: Asker, reply: Reply): ForSession {
    const room = this.#named(element);
    const count = Number(find(element.content, 'bcq', 'last')[0]?.attributes.get('cnt') ?? '25');
    if (!room || !this.#isIn(room, asker)) return reply(403, 'FAILURE_ACCESS_DENIED');
    return reply(200, ok, keptMessages(room, this.#options.domain, Math.min(Math.max(count, 1), 100)));
  }

  #leave(element: ClientElement, asker: Asker, reply: Reply): readonly ForSession[] {
    const room = this.#named(element);
    if (!room || !this.#isIn(room, asker)) return [reply(404, 'FAILURE_ROOM_NOT_FOUND')];
    const notices = this.#takeOut(room, asker);
    return [reply(200, ok, `<chanib uri="${uriOf(room, this.#options.domain)}" />`), ...notices];
  }

  /** Everybody in the room gets it, its author as well. A reply comes only where it is refused. */
  #post({ content }: ClientElement, asker: Asker, nowMs: number, reply: Reply): readonly ForSession[] {
    const { domain } = this.#options;
    const uri = content.attributes.get('chanUri') ?? '';
    const room = this.#rooms.find((one) => uriOf(one, domain) === uri);
    const text = find(content, 'chat')[0]?.text ?? '';
    if (!room || !this.#isIn(room, asker)) return [reply(403, 'FAILURE_NOT_IN_ROOM')];
    if (text === '' || text.length > longestMessage) return [reply(413, 'FAILURE_MESSAGE_SIZE')];
    if (content.attributes.get('author') !== `sip:${asker.user}@${domain}`) return [reply(403, 'FAILURE_AUTHOR')];
    const message = { author: asker.user, text, atMs: nowMs, number: nextNumber(room) };
    this.#rooms = this.#rooms.map((one) => (one === room ? remembering(one, message) : one));
    const part = newMessage(room, domain, message);
    return this.#in(room).map(({ session }) => ({ session, part, occasion: 'chat-message' }));
  }

  #takeOut(room: ChatRoom, asker: Asker): readonly ForSession[] {
    const others = this.#in(room).filter(({ session }) => session !== asker.session);
    this.#inside.set(room.id, others);
    return noticesFor(others, leaveNotice(room, this.#options.domain, asker.user));
  }

  #in(room: ChatRoom): readonly Asker[] {
    return this.#inside.get(room.id) ?? [];
  }

  #isIn(room: ChatRoom, asker: Asker): boolean {
    return this.#in(room).some(({ session }) => session === asker.session);
  }

  #named({ content }: ClientElement): ChatRoom | undefined {
    const uri = find(content, 'chanib')[0]?.attributes.get('uri');
    return this.#rooms.find((room) => uriOf(room, this.#options.domain) === uri);
  }
}

type Reply = (code: number, text: string, data?: string) => ForSession;

function noticesFor(askers: readonly Asker[], part: string): readonly ForSession[] {
  return askers.map(({ session }) => ({ session, part, occasion: 'chat-notice' }));
}
