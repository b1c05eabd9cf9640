import type { Socket } from 'node:net';
import { TLSSocket, type TlsOptions } from 'node:tls';
import { type OpenServer, openTcpServer } from '../../fixtures/openServer.js';

/** What a server of a few lines says: as soon as it is connected, to a stream header and to a request for TLS; undefined is silence. */
export interface Script {
  readonly onConnect?: (socket: Socket) => void;
  readonly onHeader?: string | ((socket: Socket) => void) | undefined;
  readonly onStartTls?: string | ((socket: Socket) => void) | undefined;
  /** What it shows after `proceed`; without it no handshake follows. */
  readonly tls?: (TlsOptions & { readonly key: string; readonly cert: string }) | undefined;
  /** To the stream header that comes over TLS. */
  readonly onSecureHeader?: string | ((socket: Socket) => void) | undefined;
}

export const proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
export const startTlsOffer = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
export const dialbackOffer = "<dialback xmlns='urn:xmpp:features:dialback'/>";

/** A stream header as servers send it. */
export function header({ namespace = 'jabber:server', more = '' } = {}): string {
  return `<?xml version='1.0'?><stream:stream xmlns='${namespace}' xmlns:stream='http://etherx.jabber.org/streams' ${more} from='contoso.example' id='s1' version='1.0'>`;
}

/** The features, with what is offered inside. */
export function features(...offered: readonly string[]): string {
  return `<stream:features>${offered.join('')}</stream:features>`;
}

/** A stream error that ends the stream. */
export function streamError(condition: string, text = ''): string {
  const namespace = 'urn:ietf:params:xml:ns:xmpp-streams';
  const words = text === '' ? '' : `<text xmlns='${namespace}'>${text}</text>`;
  return `<stream:error><${condition} xmlns='${namespace}'/>${words}</stream:error></stream:stream>`;
}

/** Listens on a free loopback port and follows the script. `heard` is all that clients said, in clear and over TLS. */
export async function openScriptedServer(script: Script): Promise<OpenServer & { readonly heard: string[] }> {
  const heard: string[] = [];
  const server = await openTcpServer((socket) => {
    script.onConnect?.(socket);
    socket.on('data', function listen(chunk: Buffer) {
      const said = chunk.toString();
      heard.push(said);
      if (said.includes('<stream:stream')) act(socket, script.onHeader);
      if (!said.includes('<starttls')) return;
      act(socket, script.onStartTls);
      if (script.tls) {
        socket.off('data', listen);
        secure(socket, script, heard);
      }
    });
  });
  return Object.assign(server, { heard });
}

function secure(socket: Socket, { tls, onSecureHeader }: Script, heard: string[]): void {
  const secured = new TLSSocket(socket, { ...tls, isServer: true });
  secured.on('error', () => {});
  secured.on('data', (chunk: Buffer) => {
    const said = chunk.toString();
    heard.push(said);
    if (said.includes('<stream:stream')) act(secured, onSecureHeader);
    if (said.includes('</stream:stream>')) secured.end('</stream:stream>');
  });
}

function act(socket: Socket, what: Script['onHeader']): void {
  if (typeof what === 'function') what(socket);
  else if (what !== undefined) socket.write(what);
}
