import { describe, expect, test } from 'vitest';
import { readCategories } from '../../../../../shared/protocols/lync/presence/categories.js';
import { readMultipart } from '../../../../../shared/protocols/lync/presence/multipart.js';
import { readPresenceContent } from '../../../../../shared/protocols/lync/presence/presenceContent.js';
import { readResourceList } from '../../../../../shared/protocols/lync/presence/resourceList.js';
import { judgeContent, listedOf } from '../../../../../shared/protocols/lync/presence/verdict.js';
import { writePidf } from '../../../../../shared/protocols/sip/presence/pidf.js';
import { xmlLimits } from '../../../../../shared/protocols/sip/xml.js';
import { beginningsOf, categories, multipart, resourceList } from './samples.js';

const categoriesType = 'application/msrtc-event-categories+xml';
const kenmyer = 'sip:kenmyer@contoso.com';

describe('categories', () => {
  test('tell whose they are, and the texts of the notes; what is not known is passed over', () => {
    expect(readCategories(categories)).toEqual({ kind: 'categories', entity: kenmyer, notes: ['Edge Probes 42'] });
  });

  test('may be empty: nothing is there, or nothing is for us', () => {
    expect(readCategories(`<categories uri="${kenmyer}"><category name="note"/></categories>`)).toEqual({
      kind: 'categories',
      entity: kenmyer,
      notes: [],
    });
  });

  test.each([
    ['<categories/>', 'no uri: nobody knows whose presence it is'],
    ['<category uri="sip:k@x"/>', 'the element category in place of categories'],
    [`${'<categories>'.repeat(xmlLimits.depth + 1)}`, 'XML that is not well-formed (too many elements)'],
    [`<categories>${'<x/>'.repeat(xmlLimits.elements)}`, 'XML that is not well-formed (too many elements)'],
  ])('%.40s cannot be read', (text, what) => {
    expect(readCategories(text)).toEqual({ kind: 'unreadable', what });
  });

  test('with entities, or longer than 64 KiB, are not read at all', () => {
    expect(readCategories(`<!DOCTYPE a SYSTEM "file:///etc/passwd">${categories}`)).toEqual({ kind: 'document-type' });
    expect(readCategories(`${categories}${' '.repeat(65_536)}`)).toEqual({ kind: 'too-large' });
  });
});

describe('a list of resources', () => {
  test('tells the state of each, without an instance none', () => {
    expect(readResourceList(resourceList)).toEqual({
      kind: 'resources',
      resources: [
        { uri: kenmyer, state: 'active', reason: undefined, poolFqdn: undefined },
        {
          uri: 'sip:adelaney@contoso.com',
          state: 'resubscribe',
          reason: undefined,
          poolFqdn: 'pool02.contoso.com',
        },
        { uri: 'sip:bobby@contoso.com', state: 'terminated', reason: 'noresource', poolFqdn: undefined },
        { uri: 'sip:hidden@contoso.com', state: undefined, reason: undefined, poolFqdn: undefined },
      ],
    });
  });
});

describe('a multipart body', () => {
  test('is taken apart by its boundary, quoted or not', () => {
    const types = (contentType: string) => {
      const reading = readMultipart(contentType, multipart.body);
      return reading.kind === 'parts' ? reading.parts.map((part) => part.contentType) : reading.what;
    };

    expect(types(multipart.contentType)).toEqual(['application/rlmi+xml', categoriesType]);
    expect(types('multipart/related; boundary="7c1f00aa"')).toEqual(['application/rlmi+xml', categoriesType]);
  });

  test('has parts without header fields, with text around them and with lines that only look like a boundary', () => {
    const body =
      'before\r\n--b\r\n\r\none\r\n--bc\r\nx--b\r\n--b \r\nContent-Type: A/B; c=d\r\n\r\ntwo\r\n\r\n--b--\r\n--b\r\nafter';

    expect(readMultipart('multipart/related;boundary=b', body)).toEqual({
      kind: 'parts',
      parts: [
        { contentType: 'text/plain', body: 'one\r\n--bc\r\nx--b' },
        { contentType: 'a/b', body: 'two\r\n' },
      ],
    });
  });

  test.each([
    ['multipart/related', '--b\r\n\r\n--b--', 'a multipart body without a boundary'],
    [`multipart/related;boundary=${'b'.repeat(71)}`, '--b\r\n\r\n--b--', 'a multipart body without a part'],
    ['multipart/related;boundary=b', 'nothing', 'a multipart body without a part'],
    ['multipart/related;boundary=b', '--b\r\n\r\nx\r\n', 'a multipart body that does not end'],
    [
      'multipart/related;boundary=b',
      `${'--b\r\n\r\nx\r\n'.repeat(100_000)}--b--`,
      'a multipart body of more than 16 parts',
    ],
  ])('%.40s with %.20j cannot be read: %s', (contentType, body, what) => {
    expect(readMultipart(contentType, body)).toEqual({ kind: 'unreadable', what });
  });
});

describe('a presence notification', () => {
  test('brings a list and categories', () => {
    expect(readPresenceContent(multipart.contentType, multipart.body).map(({ kind }) => kind)).toEqual([
      'resources',
      'categories',
    ]);
  });

  test.each([
    ['nothing', '', '', []],
    ['categories alone', `${categoriesType}; charset=utf-8`, categories, ['categories']],
    ['PIDF', 'application/pidf+xml', writePidf({ entity: kenmyer, tupleId: 't', note: 'n' }), ['categories']],
    ['PIDF that cannot be read', 'application/pidf+xml', '<presence/>', ['unreadable']],
    ['PIDF of 10 MB', 'application/pidf+xml', ' '.repeat(10_000_000).concat('x'), ['too-large']],
    ['another format', 'text/xml+msrtc.pidf', '<presentity/>', ['foreign-type']],
    ['no format', '', 'x', ['foreign-type']],
    ['a multipart body without parts', 'multipart/related', 'x', ['unreadable']],
  ])('may bring %s', (_, contentType, body, kinds) => {
    expect(readPresenceContent(contentType, body).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('that is cut off anywhere is refused, not thrown at', () => {
    const kinds = beginningsOf(multipart.body)
      .flatMap((body) => readPresenceContent(multipart.contentType, body))
      .map(({ kind }) => kind);

    expect([...new Set(kinds)].sort()).toEqual(['categories', 'resources', 'unreadable']);
  });

  test('with one byte changed anywhere is never thrown at', () => {
    const read = Array.from(multipart.body, (_, place) =>
      ['<', '"'].map((other) => {
        const body = multipart.body.slice(0, place) + other + multipart.body.slice(place + 1);
        return readPresenceContent(multipart.contentType, body).length;
      }),
    );

    expect(read.flat().every((count) => count > 0)).toBe(true);
  });
});

describe('a document', () => {
  const note = { entity: kenmyer, text: 'Edge Probes 42' };
  const judged = (text: string, wanted: typeof note | { entity: string; text: undefined } = note) =>
    judgeContent(readCategories(text), wanted);

  test('is proof when it brings the very note of the very user', () => {
    expect(judged(categories)).toEqual({ kind: 'value' });
    expect(judged(categories, { ...note, entity: 'sip:KENMYER@contoso.com' })).toEqual({ kind: 'value' });
  });

  test.each([
    ['another note', categories.replace('Probes 42', 'Probes 41'), { kind: 'other-value' }],
    ['a longer note', categories.replace('Probes 42', 'Probes 421'), { kind: 'other-value' }],
    ['somebody else', categories.replace(kenmyer, 'sip:x@y'), { kind: 'wrong-presentity', entity: 'sip:x@y' }],
    ['entities', `<!DOCTYPE a>${categories}`, { kind: 'document-type' }],
  ])('is no proof when it brings %s', (_, text, verdict) => {
    expect(judged(text)).toEqual(verdict);
  });

  test('is no proof of anything while nothing was published', () => {
    expect(judged(categories, { entity: kenmyer, text: undefined })).toEqual({ kind: 'other-value' });
  });

  test('that is a list is none, but its last word about the contact counts', () => {
    const twice = resourceList.replace('</list>', '<resource uri="sip:Kenmyer@contoso.com"/></list>');

    expect(judgeContent(readResourceList(resourceList), note)).toBeUndefined();
    expect(listedOf([readResourceList(resourceList)], kenmyer)?.state).toBe('active');
    expect(listedOf([readResourceList(twice)], kenmyer)?.state).toBeUndefined();
    expect(listedOf([readResourceList(twice)], 'sip:nobody@contoso.com')).toBeUndefined();
  });
});
