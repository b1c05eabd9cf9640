import { describe, expect, test } from 'vitest';
import { ChatDesk } from '../../../../../edge-simulator/services/lync/chat/chatDesk.js';
import { readClient } from '../../../../../edge-simulator/services/lync/chat/chatDocuments.js';

const domain = 'contoso.test';
const id = '8f5ad6a8-7c50-4a3c-9e47-2d1c6d4b9f10';
const board = '8f5ad6a8-7c50-4a3c-9e47-2d1c6d4b9f12';
const uri = `ma-chan://${domain}/${id}`;
const pilar = { session: 's1', user: 'pilar' };
const kenmyer = { session: 's2', user: 'kenmyer' };

function desk() {
  return new ChatDesk({ domain, users: ['pilar', 'kenmyer'], serverUri: `sip:gc01@${domain}` });
}

/** What one element of a client leads to, as `session occasion text`. */
function take(at: ChatDesk, asker: typeof pilar, element: string): readonly string[] {
  const elements = readClient(`<xccos ver="1" envid="7" xmlns="urn:parlano:xml:ns:xccos">${element}</xccos>`) ?? [];
  return elements
    .flatMap((one) => at.take(one, asker, 0))
    .map(
      ({ session, occasion, part }) =>
        `${session} ${occasion} ${/<resp [^>]*>[^<]*|<chat>[^<]*|ntc:\w+/.exec(part)?.[0] ?? ''}`,
    );
}

const join = (...rooms: readonly string[]) =>
  `<cmd id="cmd:${rooms.length > 1 ? 'bjoin' : 'join'}" seqid="1"><data>${rooms.map((room, key) => `<chanid key="${key}" domain="${domain}" value="${room}"/>`).join('')}</data></cmd>`;
const post = (text: string, author = 'pilar', to = uri) =>
  `<grpchat id="grpchat" seqid="1" chanUri="${to}" author="sip:${author}@${domain}" ts="2024-01-15T09:00:05Z"><chat>${text}</chat></grpchat>`;

describe('the simulated chat service', () => {
  test('tells those in a room who comes, what is written, and who goes', () => {
    const at = desk();

    expect(take(at, pilar, join(id))).toEqual(['s1 chat-reply <resp code="200">SUCCESS_OK']);
    expect(take(at, kenmyer, join(id))).toEqual([
      's2 chat-reply <resp code="200">SUCCESS_OK',
      's1 chat-notice ntc:join',
    ]);
    expect(take(at, pilar, post('hello'))).toEqual(['s1 chat-message <chat>hello', 's2 chat-message <chat>hello']);
    expect(take(at, pilar, `<cmd id="cmd:part" seqid="1"><data><chanib uri="${uri}"/></data></cmd>`)).toEqual([
      's1 chat-reply <resp code="200">SUCCESS_OK',
      's2 chat-notice ntc:part',
    ]);
    expect(at.drop('s2')).toEqual([]);
    expect(at.describe()[0]).toEqual({ name: 'Probe room', participants: [], messages: 2 });
  });

  test('names every participant in the reply to an entry, and the room that was entered', () => {
    const at = desk();
    take(at, pilar, join(id));

    const [element] = readClient(`<xccos envid="7" xmlns="urn:parlano:xml:ns:xccos">${join(id)}</xccos>`) ?? [];
    const part = (element && at.take(element, kenmyer, 0)[0]?.part) ?? '';

    expect(part).toContain(`<chanib uri="${uri}" name="Probe room"`);
    expect(part).toContain('<uib id="0" uri="sip:pilar@contoso.test" uname="pilar" />');
    expect(part).toContain('<uib id="1" uri="sip:kenmyer@contoso.test" uname="kenmyer" />');
    expect(part).toContain('<commandid seqid="1" envid="7" />');
  });

  test.each([
    [join(board), '<resp code="403">FAILURE_ACCESS_DENIED'],
    [join('no-such-room'), '<resp code="404">FAILURE_ROOM_NOT_FOUND'],
    [post('hello'), '<resp code="403">FAILURE_NOT_IN_ROOM'],
    [
      `<cmd id="cmd:part" seqid="1"><data><chanib uri="${uri}"/></data></cmd>`,
      '<resp code="404">FAILURE_ROOM_NOT_FOUND',
    ],
    [
      `<cmd id="cmd:bccontext" seqid="1"><data><chanib uri="${uri}"/></data></cmd>`,
      '<resp code="403">FAILURE_ACCESS_DENIED',
    ],
    ['<cmd id="cmd:dance" seqid="1"><data/></cmd>', '<resp code="400">FAILURE_UNKNOWN_COMMAND'],
  ])('refuses what a user may not do: %#', (element, refusal) => {
    expect(take(desk(), pilar, element)).toEqual([`s1 chat-reply ${refusal}`]);
  });

  test.each([
    [post('x'.repeat(513)), '<resp code="413">FAILURE_MESSAGE_SIZE'],
    [post('hello', 'kenmyer'), '<resp code="403">FAILURE_AUTHOR'],
  ])('refuses a message that is too long, or in the name of another: %#', (element, refusal) => {
    const at = desk();
    take(at, pilar, join(id));

    expect(take(at, pilar, element)).toEqual([`s1 chat-reply ${refusal}`]);
  });

  test('leaves out of several rooms those that may not be entered', () => {
    const at = desk();

    expect(take(at, pilar, join(id, board))).toEqual(['s1 chat-reply <resp code="200">SUCCESS_OK']);
    expect(
      at
        .describe()
        .filter(({ participants }) => `${participants}` !== '')
        .map(({ name }) => name),
    ).toEqual(['Probe room']);
  });

  test.each(['', 'no XML', '<xccos envid="1"/>', '<other envid="1" xmlns="urn:parlano:xml:ns:xccos"/>'])(
    'takes no other document for an envelope: "%s"',
    (body) => {
      expect(readClient(body)).toBeUndefined();
    },
  );
});
