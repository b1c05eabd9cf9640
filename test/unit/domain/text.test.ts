import { describe, expect, test } from 'vitest';
import { printable } from '../../../shared/domain/text.js';

describe('printable', () => {
  test.each([
    ['plain text', 'plain text', 'plain text'],
    ['text of other scripts', 'Zürich 東京 مرحبا 🙂', 'Zürich 東京 مرحبا 🙂'],
    ['line breaks', 'a\r\nb\nc\td', 'a b c d'],
    ['terminal sequences', 'a\u001B[2Jb\u009B31m', 'a [2Jb 31m'],
    ['bidirectional overrides', 'a\u202Eb\u2066c\u200Fd', 'a b c d'],
    ['line separators', 'a\u2028b\u2029c', 'a b c'],
    ['half a surrogate pair', 'a\uD83Db\uDE42', 'a b'],
    ['invisible characters', 'a\u200Bb\uFEFFc\u00ADd', 'a b c d'],
    ['nothing but such characters', '\u0000\u202E\r\n', ''],
  ])('leaves of %s what is fit to print', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('bounds the length, and says with an ellipsis that it did', () => {
    expect(printable('12345', 5)).toBe('12345');
    expect(printable('123456', 5)).toBe('1234…');
  });

  test('never cuts a character in half', () => {
    expect(printable('123🙂🙂', 5)).not.toMatch(/\p{Cs}/u);
  });
});
