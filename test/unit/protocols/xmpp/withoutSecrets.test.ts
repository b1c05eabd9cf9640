import { expect, test } from 'vitest';
import { withoutSecrets } from '../../../../shared/protocols/xmpp/withoutSecrets.js';

test.each([
  ['<auth mechanism="PLAIN">c2VjcmV0</auth>', '<auth mechanism="PLAIN">[redacted]</auth>'],
  [
    "<sasl:challenge xmlns:sasl='x'>cj1h</sasl:challenge>",
    "<sasl:challenge xmlns:sasl='x'>[redacted]</sasl:challenge>",
  ],
  ['<challenge><![CDATA[cj1h]]>cj1h</challenge>', '<challenge>[redacted]</challenge>'],
  ["<challenge x='>'>cj1h</challenge>", "<challenge x='>[redacted]</challenge>"],
  ['<response>cj1h', '<response>[redacted]'],
  ['<success/>', '<success/>'],
  ['<success></success>', '<success></success>'],
  [
    "<failure xmlns='x'><not-authorized/><text xml:lang='en'>it is not hunter2</text></failure>",
    "<failure xmlns='x'><not-authorized/><text xml:lang='en'>[redacted]",
  ],
  ['<failure><not-authorized/></failure>', '<failure><not-authorized/></failure>'],
  ['<message><body>text</body></message>', '<message><body>text</body></message>'],
])('%s is shown as %s', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});

test('takes no longer with what was made to make it search', () => {
  const text = `<a>${'<failure>'.repeat(20_000)}</a>`;

  expect(withoutSecrets(text)).toBe(text);
});
