import { describe, expect, test } from 'vitest';
import { type StreamItem, StreamReader, streamLimits } from '../../../../shared/protocols/xmpp/streamReader.js';

const header =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='partner.test' id='a1' version='1.0' xml:lang='en'>";
const message = "<message from='a@partner.test/x' id='1'><body>‰ 😀 &lt;b&gt; &amp; <![CDATA[<c>]]></body></message>";

function feed(...chunks: (string | Uint8Array)[]): StreamItem[] {
  const reader = new StreamReader();
  return chunks.flatMap((chunk) => reader.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
}

/** What the items are, without their sources. */
function show(items: readonly StreamItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'violation') return `violation ${item.violation}`;
    return item.kind === 'element' ? `<${item.element.name}>` : item.kind;
  });
}

describe('the stream reader', () => {
  test('tells the header with its attributes and the namespaces it declares', () => {
    const [item] = feed(`${header}\n`);

    expect(item).toEqual({
      kind: 'header',
      header: {
        attributes: { from: 'partner.test', id: 'a1', version: '1.0', 'xml:lang': 'en' },
        namespaces: { '': 'jabber:client', stream: 'http://etherx.jabber.org/streams' },
      },
      source: header,
    });
  });

  test('tells a stanza with its children, its text and how it came', () => {
    const [, item] = feed(header, `\n ${message}`);

    expect(item).toEqual({
      kind: 'element',
      element: {
        namespace: 'jabber:client',
        name: 'message',
        attributes: { from: 'a@partner.test/x', id: '1' },
        text: '',
        children: [{ namespace: 'jabber:client', name: 'body', attributes: {}, children: [], text: '‰ 😀 <b> & <c>' }],
      },
      source: message,
    });
  });

  test('tells the same wherever the packets are cut, in the middle of a character included', () => {
    const stream = Buffer.from(`${header}\r\n${message} ${message}</stream:stream>`);
    const whole = feed(stream);

    for (let cut = 1; cut < stream.length; cut += 1) {
      expect(feed(stream.subarray(0, cut), stream.subarray(cut))).toEqual(whole);
    }
    expect(feed(...[...stream].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    expect(show(whole)).toEqual(['header', '<message>', '<message>', 'end']);
  });

  test('tells how much of an item is still to come, and counts no white space that keeps the stream alive', () => {
    const reader = new StreamReader();
    reader.push(Buffer.from(`${header} \n `));
    const idle = reader.pendingCharacters;

    reader.push(Buffer.from('<message><bo'));

    expect([idle, reader.pendingCharacters, reader.pendingText]).toEqual([0, 12, '<message><bo']);
  });

  test('tells nothing more after the end of the stream', () => {
    expect(show(feed(header, '</stream:stream>', message))).toEqual(['header', 'end']);
  });

  test.each([
    ['an HTTP answer', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'not-xml'],
    ['a TLS alert', Uint8Array.of(0x15, 3, 1, 0, 2, 2, 0x46), 'not-xml'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0), 'not-xml'],
    ['a page', '<html><body>no</body></html>', 'not-a-stream'],
    ['a stream of another namespace', "<stream xmlns='urn:x'>", 'not-a-stream'],
    ['a header that is no UTF-8', Buffer.from("<stream:stream from='caf\u00e9'>", 'latin1'), 'not-utf-8'],
    ['another encoding', "<?xml version='1.0' encoding='iso-8859-1'?>", 'not-utf-8'],
    ['a document type', "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><stream>", 'document-type'],
  ])('refuses %s in place of a header', (_, bytes, violation) => {
    expect(show(feed(bytes))).toEqual([`violation ${violation}`]);
  });

  test.each([
    ['tags that do not match', '<message></presence>', 'not-well-formed'],
    ['an entity that nobody declared', '<message><body>&boom;</body></message>', 'not-well-formed'],
    ['a prefix that nobody declared', '<x:message/>', 'not-well-formed'],
    ['text between stanzas', 'hello <message/>', 'not-well-formed'],
    ['a control character', '<message>\u0001</message>', 'not-well-formed'],
    ['a document type', "<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", 'document-type'],
    ['a comment', '<!-- hello --><message/>', 'restricted-xml'],
    ['a processing instruction', '<?php exit ?>', 'restricted-xml'],
    ['a second XML declaration', "<?xml version='1.0'?>", 'not-well-formed'],
    ['bytes that are no UTF-8', Buffer.from('<message>\u00e9</message>', 'latin1'), 'not-utf-8'],
    ['elements nested too deep', '<a>'.repeat(streamLimits.depth), 'element-too-deep'],
    ['a text that is too large', `<message><body>${'a'.repeat(50_000_000)}`, 'element-too-large'],
    ['a complete stanza that is too large', `<message>${'a'.repeat(300_000)}</message>`, 'element-too-large'],
    ['too many elements in one', `<message>${'<a/>'.repeat(100_000)}`, 'element-too-large'],
  ])('refuses %s', (_, bytes, violation) => {
    expect(show(feed(header, bytes, message))).toEqual(['header', `violation ${violation}`]);
  });

  test('shows the beginning of what it refused', () => {
    expect(feed('HTTP/1.1 400 Bad Request')[0]).toEqual({
      kind: 'violation',
      violation: 'not-xml',
      excerpt: 'HTTP/1.1 400 Bad Request',
    });
  });

  test('takes any number of stanzas in one packet that are each within the limit', () => {
    const many = message.repeat(5_000);

    expect(feed(header + many)).toHaveLength(5_001);
  });

  test('keeps an attribute called __proto__ an attribute', () => {
    const [, item] = feed(header, "<message __proto__='x'/>");

    expect(item?.kind === 'element' && Object.keys(item.element.attributes)).toEqual(['__proto__']);
  });
});
