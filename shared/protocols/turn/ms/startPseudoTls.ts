import type { Clock } from '../../../domain/clock.js';
import { ProbeError } from '../../../domain/diagnosis.js';
import { limitOf, type Scope } from '../../../domain/scope.js';
import { printable } from '../../../domain/text.js';
import type { Connection } from '../../net/startTls.js';
import { diagnoseNoAnswer } from '../diagnoseNoAnswer.js';
import type { Link, LinkEnd } from '../link.js';
import { openStreamLink } from '../streamLink.js';
import { msStreamSplitter, readServerHello, writeClientHello } from './pseudoTls.js';

/**
 * Exchanges the hellos that look like TLS on an open TCP connection (MS-TURN section 2.1) and gives the link behind them. Throws
 * a `ProbeError`: where TLS is ended by a device before the A/V Edge, `TURN_TLS_ANSWERED`.
 */
export async function startPseudoTls(
  connection: Connection,
  randomBytes: (length: number) => Buffer,
  clock: Clock,
  scope: Scope,
): Promise<Link> {
  const rest = await exchangeHellos(connection, randomBytes(32), scope);
  const link = openStreamLink(connection, msStreamSplitter(), clock);
  if (rest.length > 0) connection.socket.unshift(rest);
  return link;
}

function exchangeHellos({ socket, peer }: Connection, random: Buffer, scope: Scope): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let read: Buffer = Buffer.alloc(0);
    const settle = () => {
      socket.off('data', take).off('close', closed).off('error', failed);
      scope.signal.removeEventListener('abort', timeUp);
      socket.pause();
    };
    const giveUp = (end?: LinkEnd) => {
      settle();
      const facts = { what: 'the hello', peer: `${peer} over TCP`, sends: 1, isDatagram: false, doubts: [] };
      const none = { ...facts, waitedMs: limitOf(scope.signal), ...(end ? { end } : {}) };
      reject(new ProbeError(diagnoseNoAnswer(none)));
    };
    const take = (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      const hello = readServerHello(read);
      if (hello.kind === 'foreign') {
        giveUp({ kind: 'foreign', protocol: hello.protocol, sample: printable(read.toString('latin1'), 60) });
      } else if (hello.kind === 'hello') {
        settle();
        resolve(hello.rest);
      }
    };
    const closed = () => giveUp({ kind: 'closed' });
    const failed = (error: NodeJS.ErrnoException) => giveUp({ kind: 'error', code: error.code ?? error.message });
    const timeUp = () => giveUp();
    if (socket.destroyed) return giveUp({ kind: 'closed' });
    if (scope.signal.aborted) return giveUp();
    scope.signal.addEventListener('abort', timeUp, { once: true });
    socket.on('data', take).on('close', closed).on('error', failed);
    // It must stand alone in its segment.
    socket.write(writeClientHello(random));
  });
}
