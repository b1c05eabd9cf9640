import type { Clock } from '../../domain/clock.js';
import { printable } from '../../domain/text.js';
import type { Connection } from '../net/startTls.js';
import type { Link, LinkReceiver, Splitter } from './link.js';
import type { TransportAddress } from './transportAddress.js';

/** A link over an open connection; `splitter` knows where one message ends. */
export function openStreamLink(connection: Connection, splitter: Splitter, clock: Clock): Link {
  const { socket, protocol, peer, close } = connection;
  const { remoteAddress = '', remotePort = 0 } = socket;
  const remote: TransportAddress = { address: remoteAddress, port: remotePort };
  let over = false;
  return {
    transport: protocol === 'TLS' ? 'tls' : 'tcp',
    peer: `${peer} over ${protocol}`,
    remote,
    listen(receiver) {
      const end = (how: Parameters<LinkReceiver['ended']>[0]) => {
        if (over) return;
        over = true;
        receiver.ended(how);
      };
      socket.on('data', (chunk: Buffer) => {
        const at = clock.monotonic();
        if (over) return;
        const { messages, foreign } = splitter.push(chunk);
        for (const message of messages) receiver.message(message, remote, at);
        if (foreign) end({ kind: 'foreign', protocol: foreign, sample: printable(chunk.toString('latin1'), 60) });
      });
      socket.on('error', (error: NodeJS.ErrnoException) => end({ kind: 'error', code: error.code ?? error.message }));
      socket.on('end', () => end({ kind: 'closed' }));
      socket.on('close', () => end({ kind: 'closed' }));
      if (socket.destroyed) end({ kind: 'closed' });
      // Whoever read before has paused it.
      socket.resume();
    },
    send(message) {
      if (!over && socket.writable) socket.write(splitter.frame(message));
    },
    close,
  };
}
