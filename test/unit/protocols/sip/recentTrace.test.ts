import { expect, test } from 'vitest';
import { longestTrace, RecentTrace } from '../../../../shared/protocols/sip/recentTrace.js';

function entry(text: string) {
  return { at: Date.parse('2026-11-20T23:15:00.000Z'), direction: 'sent', peer: 'sip.contoso.com', text } as const;
}

test('a trace keeps the last messages of a run in their order, and forgets what came before', () => {
  const trace = new RecentTrace();

  for (const letter of 'abcd') trace.add(entry(letter.repeat(longestTrace / 2)));

  expect(trace.toText()).not.toMatch(/[ab]{9}/);
  expect(trace.toText()).toMatch(/c{9}[\s\S]*d{9}/);
});

test('a message larger than all that may be kept is cut, and all before it is gone', () => {
  const trace = new RecentTrace();
  trace.add(entry('before'));

  trace.add(entry('x'.repeat(10 * longestTrace)));

  expect(trace.toText()).not.toContain('before');
  expect(trace.toText().length).toBeLessThan(longestTrace + 200);
});

test('a trace proves no password', () => {
  const trace = new RecentTrace();

  trace.add(entry('PUBLISH sip:a@b SIP/2.0\r\nProxy-Authorization: Digest response="0123"\r\n\r\n'));

  expect(trace.toText()).toBe(
    '>>> 2026-11-20T23:15:00.000Z sip.contoso.com\nPUBLISH sip:a@b SIP/2.0\nProxy-Authorization: Digest [redacted]\n\n\n\n',
  );
});

test('a run that sent nothing has an empty trace', () => {
  expect(new RecentTrace().toText()).toBe('');
});
