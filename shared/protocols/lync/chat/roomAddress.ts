/** Where a chat room is: `ma-chan://contoso.com/<guid>` taken apart (MS-XCCOSIP 2.2). */
export interface RoomAddress {
  readonly domain: string;
  readonly id: string;
}

/** Reads a room's address; undefined for anything else, a room's name above all. */
export function readRoomAddress(text: string): RoomAddress | undefined {
  const [, domain, id] = /^ma-chan:\/\/([a-z0-9.-]{1,255})\/([a-z0-9-]{1,64})$/i.exec(text.trim()) ?? [];
  return domain === undefined || id === undefined ? undefined : { domain, id };
}

/** The address as it is written. */
export function roomUri({ domain, id }: RoomAddress): string {
  return `ma-chan://${domain}/${id}`;
}

/** Do two written addresses name the same room? Servers keep neither the case of letters. */
export function isSameRoom(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
