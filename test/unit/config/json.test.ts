import { expect, test } from 'vitest';
import { parseJson } from '../../../shared/config/json.js';

const value = 'a value: an object, a list, text in double quotes, a number, true, false or null';

test.each([
  ['', `is not JSON: line 1, column 1: expected ${value}`],
  ['{\n  "a": 1,\n}', 'is not JSON: line 3, column 1: expected a key in double quotes'],
  ['[1, 2,]', `is not JSON: line 1, column 7: expected ${value}`],
  ['{ a: 1 }', 'is not JSON: line 1, column 3: expected a key in double quotes'],
  ["{ 'a': 1 }", 'is not JSON: line 1, column 3: expected a key in double quotes'],
  ['{ "a" 1 }', 'is not JSON: line 1, column 7: expected ":"'],
  ['{\r\n  "a": 1\r\n  "b": 2 }', 'is not JSON: line 3, column 3: expected "," or "}"'],
  ['[1 2]', 'is not JSON: line 1, column 4: expected "," or "]"'],
  ['{} // note', 'is not JSON: line 1, column 4: expected the end of the file'],
  ['{ "userName": "CONTOSO\\pilar" }', `is not JSON: line 1, column 15: expected ${value}`],
  ['["two\nlines"]', `is not JSON: line 1, column 2: expected ${value}`],
  ['[01]', `is not JSON: line 1, column 2: expected ${value}`],
  ['[True]', `is not JSON: line 1, column 2: expected ${value}`],
  ['['.repeat(100_000), 'is not JSON: line 1, column 52: expected at most 50 levels'],
])('%j is refused with its place', (text, message) => {
  expect(parseJson(text)).toEqual({ kind: 'problem', message });
});

test('a file that begins with a byte order mark is read', () => {
  expect(parseJson('\uFEFF{"a": [1, "\\u00e9\\n", -0.5e3, true, null, {}, []]}')).toEqual({
    kind: 'value',
    value: { a: [1, 'é\n', -500, true, null, {}, []] },
    repeated: [],
  });
});

test('keys that stand twice are told with their path, also when one is written in another way', () => {
  expect(parseJson('{"a": [{"b": 1, "c": 2, "\\u0062": 3}], "a": 1}')).toMatchObject({
    repeated: [
      { path: ['a', 0, 'b'], message: 'stands twice; expected each key once' },
      { path: ['a'], message: 'stands twice; expected each key once' },
    ],
  });
});

test('what is taken and what is refused is the same as with JSON.parse, for every small damage to a file', () => {
  const text = '{"a":[1,-2.5e+3,"x\\u00e9\\"y"],"b":{"c":true,"d":null},"e":[]}';
  const insertions = [
    '',
    '"',
    '\\',
    ',',
    ':',
    '{',
    ']',
    '0',
    '.',
    '-',
    'e',
    'u',
    't',
    ' ',
    '\n',
    '\u0001',
    '\u0085',
    '\ud800',
    '/',
  ];
  for (let cut = 0; cut <= text.length; cut++) {
    for (const inserted of insertions) {
      for (const removed of [0, 1]) {
        const damaged = text.slice(0, cut) + inserted + text.slice(cut + removed);
        expect([damaged, parseJson(damaged).kind === 'value']).toEqual([damaged, isJson(damaged)]);
      }
    }
  }
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
