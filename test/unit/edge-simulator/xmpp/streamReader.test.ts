import { describe, expect, test } from 'vitest';
import { childOf } from '../../../edge-simulator/xmpp/element.js';
import { type StreamItem, StreamReader } from '../../../edge-simulator/xmpp/streamReader.js';

const header =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

/** What a reader makes of a stream that comes in these pieces. */
function read(...pieces: readonly (string | Uint8Array)[]): readonly StreamItem[] {
  const reader = new StreamReader();
  return pieces.flatMap((piece) => reader.push(Buffer.from(piece)));
}

function broken(...pieces: readonly (string | Uint8Array)[]): string | undefined {
  const last = read(...pieces).at(-1);
  return last?.kind === 'broken' ? last.condition : undefined;
}

describe('the reader of streams', () => {
  test('finds header, elements and end, wherever the packets end', () => {
    const text = `${header} <a:iq xmlns:a="urn:x" id="1&amp;2"><b>Grüße <![CDATA[<]]></b></a:iq>\n</stream:stream>`;
    const bytes = Buffer.from(text);
    const whole = read(bytes);
    const single = read(...[...bytes].map((byte) => Buffer.from([byte])));

    expect(single).toEqual(whole);
    expect(whole.map(({ kind }) => kind)).toEqual(['header', 'element', 'end']);
    const [opened, item] = whole;
    expect(opened?.kind === 'header' && opened.header.content).toBe('jabber:client');
    const element = item?.kind === 'element' ? item.element : undefined;
    expect(element).toMatchObject({ name: 'iq', namespace: 'urn:x', attributes: new Map([['id', '1&2']]) });
    expect(element && childOf(element, 'b', 'jabber:client')?.text).toBe('Grüße <');
  });

  test.each([
    ['another document', '<html>', 'invalid-namespace'],
    ['no XML', 'GET / HTTP/1.1\r\n\r\n', 'not-well-formed'],
    ['tags that do not match', `${header}<a></b>`, 'not-well-formed'],
    ['an unknown prefix', `${header}<x:a/>`, 'not-well-formed'],
    ['text between stanzas', `${header}hello<a/>`, 'bad-format'],
    ['a comment', `${header}<!-- x --><a/>`, 'restricted-xml'],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${header}`, 'restricted-xml'],
    ['a processing instruction', `${header}<?x y?>`, 'restricted-xml'],
    ['an entity of nobody', `${header}<a>&x;</a>`, 'not-well-formed'],
    ['deep nesting', `${header}${'<a>'.repeat(30)}`, 'policy-violation'],
    ['a long stanza', `${header}<a>${'x'.repeat(70_000)}`, 'policy-violation'],
    ['a long name', `${header}<${'x'.repeat(70_000)}`, 'policy-violation'],
  ])('refuses %s', (_what, text, condition) => {
    expect(broken(text)).toBe(condition);
  });

  test('refuses what is not UTF-8, and reads nothing after that', () => {
    const reader = new StreamReader();

    expect(reader.push(Buffer.concat([Buffer.from(`${header}<a>`), Buffer.from([0xff])]))).toEqual([
      { kind: 'broken', condition: 'not-well-formed' },
    ]);
    expect(reader.push(Buffer.from('</a>'))).toEqual([]);
  });

  test('counts each stanza for itself', () => {
    const stanza = `<a>${'x'.repeat(60_000)}</a>`;

    expect(read(header, stanza, ' ', stanza, stanza).map(({ kind }) => kind)).toEqual([
      'header',
      'element',
      'element',
      'element',
    ]);
  });
});
