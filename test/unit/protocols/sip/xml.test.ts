import { describe, expect, test } from 'vitest';
import { readXml, type XmlElement, xmlLimits } from '../../../../shared/protocols/sip/xml.js';

/** `name{namespace}[attributes](text children…)`, for comparison at a glance. */
function shown({ namespace, name, attributes, text, children }: XmlElement): string {
  const named = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  return `${name}{${namespace}}[${named.join(',')}](${text}${children.map(shown).join('')})`;
}

function read(text: string): string {
  const reading = readXml(text);
  return reading.kind === 'element' ? shown(reading.root) : reading.kind === 'malformed' ? reading.what : reading.kind;
}

describe('an XML document', () => {
  test.each([
    ['<a/>', 'a{}[]()'],
    ['<a b="1" c=\'2\'></a>', 'a{}[b=1,c=2]()'],
    ['\uFEFF<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- c --><a>x</a>\n<!-- d -->\n', 'a{}[](x)'],
    ['<a>1<b/>2<![CDATA[<&]]>3</a>', 'a{}[](12<&3b{}[]())'],
    ['<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F642;</a>', 'a{}[](<>&"\'A🙂)'],
    ['<a b="&lt;&#10;\n"/>', 'a{}[b=<\n ]()'],
    ['<a xmlns="u"><b xmlns=""/><c/></a>', 'a{u}[](b{}[]()c{u}[]())'],
    ['<p:a xmlns:p="u" p:x="1" y="2"/>', 'a{u}[y=2]()'],
    ['<a><?php echo 1 ?>x</a>', 'a{}[](x)'],
    ['<größe/>', 'größe{}[]()'],
  ])('%j is read', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    '',
    '  ',
    '<a>',
    '<a><b></a></b>',
    '</a>',
    '<a/><b/>',
    'x<a/>',
    '<a/>x',
    '<a b=1/>',
    '<a b="1"c="2"/>',
    '<a b="<"/>',
    '<a b="1" b="2"/>',
    '<1a/>',
    '<a><!ELEMENT b></a>',
    '<a><![CDATA[</a>',
    '<!-- <a/>',
    '<a>&x;</a>',
    '<a>&</a>',
    '<a b="&#0;"/>',
    '<a>&#xD800;</a>',
    '<a>\u0001</a>',
    '<p:a/>',
  ])('%j is refused', (text) => {
    expect(readXml(text).kind).toBe('malformed');
  });

  test('that is refused is so for a reason that names the place', () => {
    expect(read('<a><b></a></b>')).toBe('1:10: unexpected close tag.');
  });

  test('with a document type is not read any further, wherever it stands', () => {
    expect(read('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toBe('document-type');
    expect(read('<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "http://192.0.2.1/">')).toBe('document-type');
  });

  test.each([
    ['deep', '<a>'.repeat(xmlLimits.depth + 1), 'too many elements'],
    ['wide', `<a>${'<b/>'.repeat(xmlLimits.elements)}</a>`, 'too many elements'],
    [
      'full of attributes',
      `<a ${Array.from({ length: 60 }, (_, index) => `xmlns:p${index}="u"`).join(' ')}/>`,
      'too many attributes',
    ],
  ])('that is too %s is refused', (_, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    '<'.repeat(60_000),
    `<a ${'x'.repeat(60_000)}`,
    `<a${' '.repeat(60_000)}`,
    `<a>${'&'.repeat(60_000)}</a>`,
  ])('made to cost much costs little (%#)', (text) => {
    expect(readXml(text).kind).toBe('malformed');
  });
});
