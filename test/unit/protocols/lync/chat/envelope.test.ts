import { describe, expect, test } from 'vitest';
import {
  askServer,
  askServerInfo,
  joinRoom,
  leaveRoom,
  postMessage,
  searchRooms,
  writeEnvelope,
} from '../../../../../shared/protocols/lync/chat/commands.js';
import { longestEnvelope, type Reply, readEnvelope } from '../../../../../shared/protocols/lync/chat/envelope.js';
import { readRoomAddress } from '../../../../../shared/protocols/lync/chat/roomAddress.js';
import { chooseRoom, historyOf, readJoined, readServer } from '../../../../../shared/protocols/lync/chat/rooms.js';

const room = { domain: 'contoso.com', id: '8f5ad6a8-7c50-4a3c-9e47-2d1c6d4b9f10' };
const uri = `ma-chan://${room.domain}/${room.id}`;

/** An envelope of a server. */
function envelope(...parts: readonly string[]): string {
  return `<xccos ver="1" envid="7962449779256945056" xmlns="urn:parlano:xml:ns:xccos">${parts.join('')}</xccos>`;
}

function rpl(name: string, data: string): string {
  return `<rpl id="rpl:${name}" seqid="1"><commandid seqid="1" envid="40021"/><resp code="200">SUCCESS_OK</resp><data>${data}</data></rpl>`;
}

/** The only reply of an envelope. */
function replyOf(text: string): Reply {
  const reading = readEnvelope(envelope(text));
  const [part] = reading.kind === 'envelope' ? reading.parts : [];
  if (part?.kind !== 'reply') throw new Error('no reply');
  return part;
}

describe('what a client writes', () => {
  test.each([
    [askServer(), '<cmd id="cmd:requri" seqid="1"><data/></cmd>'],
    [
      askServerInfo('contoso.com'),
      '<cmd id="cmd:getserverinfo" seqid="1"><data><sib domain="contoso.com" infoType="123"/></data></cmd>',
    ],
    [
      searchRooms('R&D "1"'),
      '<cmd id="cmd:chansrch" seqid="1"><data><qib qtype="BYNAME" criteria="R&amp;D &quot;1&quot;" extended="false"/></data></cmd>',
    ],
    [
      joinRoom(room),
      `<cmd id="cmd:join" seqid="1"><data><chanid key="0" domain="contoso.com" value="${room.id}"/></data></cmd>`,
    ],
    [leaveRoom(room), `<cmd id="cmd:part" seqid="1"><data><chanib uri="${uri}"/></data></cmd>`],
    [
      postMessage(room, 'sip:kenmyer@contoso.com', 'a < b & "c"', Date.parse('2024-01-15T09:00:05.123Z')),
      `<grpchat id="grpchat" seqid="1" chanUri="${uri}" author="sip:kenmyer@contoso.com" ts="2024-01-15T09:00:05Z"><chat>a &lt; b &amp; &quot;c&quot;</chat></grpchat>`,
    ],
  ])('is one element, whatever its texts hold: %#', (command, content) => {
    expect(writeEnvelope('40021', command)).toBe(
      `<xccos ver="1" envid="40021" xmlns="urn:parlano:xml:ns:xccos">${content}</xccos>`,
    );
  });
});

describe('what a server writes', () => {
  test('may be several replies, notices and messages in one envelope', () => {
    const message = `<grpchat id="grpchat" chanUri="${uri}" author="sip:a@contoso.com" ts="2024-01-15T09:00:05Z" chatId="7"><chat>a &lt; b</chat></grpchat>`;

    expect(
      readEnvelope(envelope(rpl('join', ''), '<ntc id="ntc:join"><data/></ntc>', message, '<cmd id="cmd:x"/>')),
    ).toEqual({
      kind: 'envelope',
      parts: [
        expect.objectContaining({
          kind: 'reply',
          name: 'join',
          envelope: '40021',
          sequence: '1',
          code: 200,
          text: 'SUCCESS_OK',
        }),
        { kind: 'notice', name: 'ntc:join' },
        { kind: 'chat', room: uri, author: 'sip:a@contoso.com', text: 'a < b' },
        { kind: 'unknown', what: 'cmd cmd:x' },
      ],
    });
  });

  test('may be numbered beyond what a number holds', () => {
    const text = rpl('join', '').replace('40021', '7962449779256945057');

    expect(replyOf(text).envelope).toBe('7962449779256945057');
  });

  test.each([
    ['<rpl id="rpl:join"><commandid seqid="1" envid="1"/></rpl>', 'rpl:join without a code'],
    ['<rpl id="rpl:join"><resp code="OK"/></rpl>', 'rpl:join without a code'],
    ['<grpchat author="sip:a@contoso.com"><chat/></grpchat>', 'grpchat without room, author or text'],
    ['<dance/>', 'dance'],
  ])('is named where it is not understood: %s', (part, what) => {
    expect(readEnvelope(envelope(part))).toEqual({ kind: 'envelope', parts: [{ kind: 'unknown', what }] });
  });

  test.each([
    ['', 'unreadable'],
    ['no XML', 'unreadable'],
    ['<other xmlns="urn:parlano:xml:ns:xccos"/>', 'unreadable'],
    [envelope().slice(0, -4), 'unreadable'],
    ['<xccos xmlns="urn:other"/>', 'namespace'],
    ['<xccos/>', 'namespace'],
    [`<!DOCTYPE xccos [<!ENTITY a "b">]>${envelope('<rpl>&a;</rpl>')}`, 'document-type'],
    [envelope('<a>'.repeat(20), '</a>'.repeat(20)), 'unreadable'],
    [envelope('<a/>'.repeat(20_001)), 'unreadable'],
    [envelope(' '.repeat(longestEnvelope)), 'too-large'],
  ])('is refused: %#', (text, kind) => {
    expect(readEnvelope(text).kind).toBe(kind);
  });

  test('is read no further than 200 elements', () => {
    const reading = readEnvelope(envelope('<a/>'.repeat(500)));

    expect(reading.kind === 'envelope' && reading.parts.length).toBe(200);
  });

  test('is history where it stands in a reply, and no message', () => {
    const reply = rpl(
      'bccontext',
      `<chanib uri="${uri}"><msg id="grpchat" author="sip:a@contoso.com"><chat>old</chat></msg></chanib>`,
    );

    expect(readEnvelope(envelope(reply))).toMatchObject({ parts: [{ kind: 'reply', name: 'bccontext' }] });
    expect(historyOf(replyOf(reply))).toEqual(['old']);
  });
});

describe('rooms', () => {
  const listed = (...names: readonly (readonly [string, string])[]) =>
    replyOf(
      rpl('chansrch', names.map(([name, id]) => `<chanib name="${name}" uri="ma-chan://contoso.com/${id}"/>`).join('')),
    );

  test('are found by their whole name, in any case of letters', () => {
    expect(chooseRoom(listed(['Probe room, old', 'a'], ['PROBE ROOM', 'b']), 'Probe room')).toEqual({
      kind: 'room',
      room: { domain: 'contoso.com', id: 'b' },
    });
  });

  test('are not found by a part of it', () => {
    expect(chooseRoom(listed(['Probe room, old', 'a']), 'Probe room')).toEqual({
      kind: 'none',
      others: ['Probe room, old'],
    });
  });

  test('of one name are several, but one that is listed twice is one', () => {
    expect(chooseRoom(listed(['Twins', 'a'], ['Twins', 'b']), 'Twins')).toEqual({
      kind: 'several',
      uris: ['ma-chan://contoso.com/a', 'ma-chan://contoso.com/b'],
    });
    expect(chooseRoom(listed(['Twins', 'a'], ['Twins', 'a']), 'Twins').kind).toBe('room');
  });

  test('with 5,000 participants are read', () => {
    const users = Array.from(
      { length: 5_000 },
      (_, id) => `<uib id="${id}" uri="sip:user${id}@contoso.com" uname="User ${id}"/>`,
    );
    const joined = readJoined(
      replyOf(rpl('join', `<chanib uri="${uri.toUpperCase()}" name="Crowd"/>${users.join('')}`)),
      room,
    );

    expect(joined).toEqual({ name: 'Crowd', present: 5_000 });
  });

  test('that were not asked for are not the one that was', () => {
    expect(readJoined(replyOf(rpl('join', '<chanib uri="ma-chan://contoso.com/other"/>')), room)).toBeUndefined();
  });

  test.each([
    [uri, room],
    ['MA-CHAN://contoso.com/ABC', { domain: 'contoso.com', id: 'ABC' }],
    ['Probe room', undefined],
    ['ma-chan://contoso.com/a/b', undefined],
    ['ma-chan://contoso.com/a"b', undefined],
  ])('have the address %s', (text, address) => {
    expect(readRoomAddress(text)).toEqual(address);
  });

  test.each([
    ['<uib uri="sip:gc01@contoso.com"/>', 'sip:gc01@contoso.com'],
    ['', undefined],
    ['<uib uri="http://contoso.com"/>', undefined],
    ['<uib uri="sip:gc01@contoso.com&gt;&#13;&#10;X: y"/>', undefined],
  ])('are on the server that %s names', (data, server) => {
    expect(readServer(replyOf(rpl('requri', data)))).toBe(server);
  });
});
