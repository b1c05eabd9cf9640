/** As large as 20 ms of speech with its RTP header (RFC 3551, G.711). */
const packetLength = 172;

const ways = { out: 0x3e, back: 0x3c } as const;
export type Way = keyof typeof ways;

/** A packet of an echo: the token of the run, which way it goes, its number, and filling that depends on the number. */
export function writePacket(token: string, way: Way, sequence: number): Buffer {
  const packet = Buffer.alloc(packetLength, sequence & 0xff);
  const at = packet.write(token, 0, 'latin1');
  packet.writeUInt8(ways[way], at);
  packet.writeUInt32BE(sequence, at + 1);
  return packet;
}

/** The number of a packet of this run that goes this way and is whole; undefined for anything else. */
export function readPacket(data: Buffer, token: string, way: Way): number | undefined {
  if (data.length !== packetLength) return undefined;
  const sequence = data.readUInt32BE(token.length + 1);
  return data.equals(writePacket(token, way, sequence)) ? sequence : undefined;
}
