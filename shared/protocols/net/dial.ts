import { connect, type Socket } from 'node:net';

/**
 * Opens one TCP connection, without Nagle's delay (RFC 896 would add up to 40 ms to small messages). Rejects with the
 * system's error, or with the signal's reason; then nothing stays open.
 */
export function dial(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const settle = () => {
      signal.removeEventListener('abort', abort);
      socket.off('connect', connected).off('error', failed);
    };
    const discard = (cause: unknown) => {
      settle();
      // A socket that is being destroyed may still report an error; without a listener that would end the process.
      socket.on('error', () => {});
      socket.destroy();
      reject(cause);
    };
    const connected = () => {
      settle();
      resolve(socket);
    };
    const failed = (error: Error) => discard(error);
    const abort = () => discard(signal.reason);
    socket.once('connect', connected).once('error', failed);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
