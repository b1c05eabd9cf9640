import { describe, expect, test } from 'vitest';
import { escaped, find, readXml } from '../../../edge-simulator/sip/xmlTree.js';

describe('readXml', () => {
  test('reads names without prefixes, attributes, text and what stands between the tags', () => {
    const root = readXml(
      `<?xml version="1.0"?>\r\n<p:a xmlns:p="urn:x" q:Name='one &amp; &#x74;wo'><!-- no --><b>x &lt; <![CDATA[<y>]]></b><b/></p:a>\r\n`,
    );

    expect(root?.name).toBe('a');
    expect(root?.declarations).toBe(' xmlns:p="urn:x"');
    expect(root?.attributes).toEqual(new Map([['Name', 'one & two']]));
    expect(root?.inner).toBe('<!-- no --><b>x &lt; <![CDATA[<y>]]></b><b/>');
    expect(root && find(root, 'b').map(({ text }) => text)).toEqual(['x < <y>', '']);
  });

  test.each([
    ['nothing', ''],
    ['text alone', 'a'],
    ['two roots', '<a/><b/>'],
    ['an end that is missing', '<a><b></a>'],
    ['an end too many', '<a/></a>'],
    ['text after the end', '<a/>x'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['more levels than any client writes', '<a>'.repeat(30) + '</a>'.repeat(30)],
    ['more elements than any client writes', `<a>${'<b/>'.repeat(3000)}</a>`],
  ])('does not read %s', (_, text) => {
    expect(readXml(text)).toBeUndefined();
  });

  test('reads back what was escaped', () => {
    const text = `<"&'>`;

    expect(readXml(`<a b="${escaped(text)}">${escaped(text)}</a>`)).toMatchObject({
      text,
      attributes: new Map([['b', text]]),
    });
  });

  test('gives up on 64 KiB of blanks at once', () => {
    expect(readXml(`<a${' '.repeat(65_000)}`)).toBeUndefined();
    expect(readXml(`<a${' b="c"'.repeat(10_000)}`)).toBeUndefined();
  });
});
