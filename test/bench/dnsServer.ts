import { createSocket } from 'node:dgram';

const headerLength = 12;
const typeA = 1;

/** Answers every A question with 127.0.0.1 and every other with no data, always this late; returns its port on 127.0.0.1. */
export async function startDnsServer(delayMs: number): Promise<number> {
  const socket = createSocket('udp4', (query, from) => {
    const answer = answerTo(query);
    if (answer === undefined) return;
    setTimeout(() => socket.send(answer, from.port, from.address), delayMs);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket.address().port;
}

/** RFC 1035 section 4.1: the header, the question as it came, and one record where it asked for an address. */
function answerTo(query: Buffer): Buffer | undefined {
  const nameEnd = query.indexOf(0, headerLength);
  if (nameEnd < 0 || query.length < nameEnd + 5) return undefined;
  const question = query.subarray(headerLength, nameEnd + 5);
  const isAddress = query.readUInt16BE(nameEnd + 1) === typeA;
  const header = Buffer.alloc(headerLength);
  query.copy(header, 0, 0, 2);
  // A response, authoritative, recursion desired and available, no error.
  header.writeUInt16BE(0x8580, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isAddress ? 1 : 0, 6);
  // The name as a pointer to the question, A, IN, 60 s, four bytes.
  const record = Buffer.from([0xc0, headerLength, 0, typeA, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
  return Buffer.concat(isAddress ? [header, question, record] : [header, question]);
}
