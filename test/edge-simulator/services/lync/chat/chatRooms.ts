/** A message that a room keeps. */
export interface KeptMessage {
  readonly author: string;
  readonly text: string;
  readonly atMs: number;
  readonly number: number;
}

/** A room of the simulated Persistent Chat service. */
export interface ChatRoom {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Users who may enter it. */
  readonly members: readonly string[];
  /** One that only its members see at all; the others are shown to everybody. */
  readonly secret: boolean;
  readonly history: readonly KeptMessage[];
}

const mostKept = 100;
/** The longest message, characters, as a pool has it without a change. */
export const longestMessage = 512;

/** What there is at the start: the room that users meet in, some that are like it, and some that they may not enter. */
export function usualRooms(users: readonly string[]): readonly ChatRoom[] {
  const old: KeptMessage = { author: 'adelaney', text: 'Edge Probes of yesterday', atMs: 1_700_000_000_000, number: 1 };
  const room = (id: string, name: string, differs: Partial<ChatRoom> = {}): ChatRoom => ({
    id: `8f5ad6a8-7c50-4a3c-9e47-${id}`,
    name,
    description: '',
    members: users,
    secret: false,
    history: [old],
    ...differs,
  });
  return [
    room('2d1c6d4b9f10', 'Probe room', { description: 'For the monitoring' }),
    room('2d1c6d4b9f11', 'Probe room, old'),
    room('2d1c6d4b9f12', 'Board', { members: [] }),
    room('2d1c6d4b9f13', 'Merger', { members: [], secret: true }),
    room('2d1c6d4b9f14', 'Twins'),
    room('2d1c6d4b9f15', 'Twins'),
  ];
}

/** The number of the next message. */
export function nextNumber({ history }: ChatRoom): number {
  return (history.at(-1)?.number ?? 0) + 1;
}

/** The room with one message more. */
export function remembering(room: ChatRoom, message: KeptMessage): ChatRoom {
  return { ...room, history: [...room.history, message].slice(-mostKept) };
}

/** What a search by a part of the name finds for a user. */
export function foundBy(rooms: readonly ChatRoom[], criteria: string, user: string): readonly ChatRoom[] {
  const part = criteria.trim().toLowerCase();
  return rooms.filter(
    ({ name, secret, members }) => name.toLowerCase().includes(part) && (!secret || members.includes(user)),
  );
}
