import { escaped, find, readXml, type XmlElement } from '../../../sip/xmlTree.js';
import { type ChatRoom, type KeptMessage, longestMessage } from './chatRooms.js';

const namespace = 'urn:parlano:xml:ns:xccos';
const kinds = ['urn:parlano:ma:prop:logged', 'urn:parlano:ma:prop:invite', 'urn:parlano:ma:prop:filepost'];

/** What a client sent in one envelope. */
export interface ClientElement {
  readonly envelope: string;
  readonly sequence: string;
  /** `cmd:join`, or `grpchat`. */
  readonly id: string;
  /** `data` of a command, the whole element of a message. */
  readonly content: XmlElement;
}

/** Reads the envelope of a client; undefined when it is none. */
export function readClient(body: string): readonly ClientElement[] | undefined {
  const root = readXml(body);
  const envelope = root?.attributes.get('envid');
  if (root?.name !== 'xccos' || envelope === undefined || !body.includes(`xmlns="${namespace}"`)) return undefined;
  return root.children.flatMap((element): ClientElement[] => {
    const [id = '', sequence = ''] = ['id', 'seqid'].map((name) => element.attributes.get(name) ?? '');
    const content = element.name === 'cmd' ? find(element, 'data')[0] : element;
    return ['cmd', 'grpchat'].includes(element.name) && content ? [{ envelope, sequence, id, content }] : [];
  });
}

/** An envelope of the server, whose numbers are far beyond those of clients. */
export function envelopeOf(number: bigint, ...parts: readonly string[]): string {
  return `<xccos xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ver="1" envid="${number}" xmlns="${namespace}">${parts.join('')}</xccos>`;
}

/** The reply to a command. */
export function replyTo({ id, envelope, sequence }: ClientElement, code: number, text: string, data = ''): string {
  const answered = `<commandid seqid="${escaped(sequence)}" envid="${escaped(envelope)}" />`;
  const name = id.replace(/^cmd:/, '');
  return `<rpl id="rpl:${escaped(name)}" seqid="1">${answered}<resp code="${code}">${text}</resp><data>${data}</data></rpl>`;
}

/** `ma-chan://…` */
export function uriOf({ id }: ChatRoom, domain: string): string {
  return `ma-chan://${domain}/${id}`;
}

/** A room as a search shows it. */
export function listedRoom(room: ChatRoom, domain: string, participants: number): string {
  const properties = kinds.map((id) => `<prop id="${id}">${id.endsWith('logged')}</prop>`).join('');
  const info = `<info id="urn:parlano:ma:info:ucnt">${participants}</info><info id="urn:parlano:ma:info:visibilty">${room.secret ? 'private' : 'public'}</info>`;
  return `<chanib ${attributesOf(room, domain)}>${info}${properties}</chanib>`;
}

/** A room with who is in it, as the reply to an entry shows it. */
export function enteredRoom(room: ChatRoom, domain: string, participants: readonly string[]): string {
  const numbers = participants.map((_, index) => index).join(',');
  const users = participants.map((user, index) => `<uib id="${index}" ${userOf(user, domain)} />`).join('');
  return `<chanib ${attributesOf(room, domain)}><aib key="3984" value="${numbers}" /></chanib>${users}`;
}

/** What a room keeps, as history. */
export function keptMessages(room: ChatRoom, domain: string, count: number): string {
  const kept = room.history.slice(-count).map((message) => {
    const inside = `<chat>${escaped(message.text)}</chat>`;
    return `<msg id="grpchat" ${messageAttributes(room, domain, message)}>${inside}</msg>`;
  });
  return `<chanib uri="${uriOf(room, domain)}">${kept.join('')}</chanib>`;
}

/** A message as everybody in the room gets it. */
export function newMessage(room: ChatRoom, domain: string, message: KeptMessage): string {
  const inside = `<chat>${escaped(message.text)}</chat>`;
  return `<grpchat id="grpchat" seqid="1" ${messageAttributes(room, domain, message)}>${inside}</grpchat>`;
}

/** Somebody has entered. */
export function entryNotice(room: ChatRoom, domain: string, user: string): string {
  const place = `<aib key="3984" domain="${domain}" value="${room.id}" />`;
  return `<ntc id="ntc:join" seqid="1"><data><uib ${userOf(user, domain)}>${place}</uib></data></ntc>`;
}

/** Somebody has left. */
export function leaveNotice(room: ChatRoom, domain: string, user: string): string {
  const inside = `<chanib uri="${uriOf(room, domain)}"><uib ${userOf(user, domain)} /></chanib>`;
  return `<ntc id="ntc:part" seqid="1"><data>${inside}</data></ntc>`;
}

/** What the service is and allows. */
export function serverInfo(domain: string, nowMs: number): string {
  const limits = `searchLimit="999" messageSizeLimit="${longestMessage}" storySizeLimit="8000"`;
  const root = `rootUri="ma-cat://${domain}/00000000-0000-0000-0000-000000000001" dbVersion="1"`;
  return `<sib infoType="123" serverTime="${new Date(nowMs).toISOString()}" ${limits} ${root} />`;
}

/** The server that clients are to use. */
export function serverAddress(uri: string): string {
  return `<uib uri="${uri}" />`;
}

function attributesOf(room: ChatRoom, domain: string): string {
  const { name, description } = room;
  return `uri="${uriOf(room, domain)}" name="${escaped(name)}" description="${escaped(description)}" topic=""`;
}

function userOf(user: string, domain: string): string {
  return `uri="sip:${user}@${domain}" uname="${user}"`;
}

function messageAttributes(room: ChatRoom, domain: string, { author, atMs, number }: KeptMessage): string {
  const ts = new Date(atMs).toISOString();
  return `chanUri="${uriOf(room, domain)}" author="sip:${author}@${domain}" ts="${ts}" chatId="${number}"`;
}
