import { escapeXml } from '../../sip/xml.js';
import { type RoomAddress, roomUri } from './roomAddress.js';

/** The namespace of every document of Persistent Chat (MS-XCCOSIP 2.2). */
export const xccosNamespace = 'urn:parlano:xml:ns:xccos';

/** One element of an envelope that a reply answers; its place in the envelope is always the first. */
export interface Command {
  /** `join` of `cmd:join`, to which `rpl:join` is the reply. */
  readonly name: string;
  readonly content: string;
}

/** The place of the only element of an envelope. */
export const firstSequence = '1';

/** An envelope with one element; `id` is a decimal number that no other envelope of the client has. */
export function writeEnvelope(id: string, { content }: Command): string {
  return `<xccos ver="1" envid="${id}" xmlns="${xccosNamespace}">${content}</xccos>`;
}

function command(name: string, data = ''): Command {
  const filled = data === '' ? '<data/>' : `<data>${data}</data>`;
  return { name, content: `<cmd id="cmd:${name}" seqid="${firstSequence}">${filled}</cmd>` };
}

/** Asks which server to use. */
export function askServer(): Command {
  return command('requri');
}

/** Asks what the server is and what it allows. */
export function askServerInfo(domain: string): Command {
  return command('getserverinfo', `<sib domain="${escapeXml(domain)}" infoType="123"/>`);
}

/** Looks for rooms by a part of their name. */
export function searchRooms(name: string): Command {
  return command('chansrch', `<qib qtype="BYNAME" criteria="${escapeXml(name)}" extended="false"/>`);
}

/** Enters a room. */
export function joinRoom({ domain, id }: RoomAddress): Command {
  return command('join', `<chanid key="0" domain="${escapeXml(domain)}" value="${escapeXml(id)}"/>`);
}

/** Leaves a room. */
export function leaveRoom(room: RoomAddress): Command {
  return command('part', `<chanib uri="${escapeXml(roomUri(room))}"/>`);
}

/** Writes a message into a room. Its SIP answer alone takes it; a reply comes only where it is refused. `atMs` since the epoch. */
export function postMessage(room: RoomAddress, author: string, text: string, atMs: number): Command {
  const ts = new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const attributes = `chanUri="${escapeXml(roomUri(room))}" author="${escapeXml(author)}" ts="${ts}"`;
  const content = `<grpchat id="grpchat" seqid="${firstSequence}" ${attributes}><chat>${escapeXml(text)}</chat></grpchat>`;
  return { name: 'grpchat', content };
}
