import type { IncomingMessage } from 'node:http';

/** The most that a request may carry, bytes. */
const bodyLimit = 1024 * 1024;

/** A request carries more than `bodyLimit`. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';

  constructor() {
    super(`The body may have at most ${bodyLimit} bytes.`);
  }
}

/** Reads the whole body. Throws `BodyTooLarge` as soon as it is known to be. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // Not by `for await`: leaving it destroys the connection before the refusal is written.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimit) chunks.push(chunk);
      else reject(new BodyTooLarge());
    });
    request.on('end', resolve);
    request.on('error', reject);
    request.on('close', () => reject(new Error('the request ended before its body did')));
  });
  return Buffer.concat(chunks, size);
}
