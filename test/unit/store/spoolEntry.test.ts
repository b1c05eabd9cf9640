import { describe, expect, test } from 'vitest';
import { entryNameOf, fromSpoolText, inOrder, surplusOf, toSpoolText } from '../../../shared/store/spoolEntry.js';
import { sampleFailure, sampleResult } from './sampleResult.js';

describe('the name of a waiting result', () => {
  test('begins with the time it was scheduled for and ends with its run', () => {
    expect(entryNameOf(sampleResult())).toBe('20261120T231500000Z.contoso.registration.westeurope.20261120T231500Z');
  });

  test('is in order when the times are, also where they differ by milliseconds alone', () => {
    const times = ['2026-11-20T23:15:00.001Z', '2026-11-20T23:15:00.000Z', '2026-09-30T00:00:00.000Z'];
    const names = times.map((scheduledAt) => entryNameOf(sampleResult({ scheduledAt, runId: 'same' })));

    expect([...names].sort()).toEqual([names[2], names[1], names[0]]);
  });

  test('holds nothing that leads out of a folder, and keeps apart what differs', () => {
    const hostile = entryNameOf(sampleResult({ runId: '../../etc/passwd\\\n%' }));

    expect(hostile).toBe('20261120T231500000Z...~2f~..~2f~etc~2f~passwd~5c~~a~~25~');
    expect(entryNameOf(sampleResult({ runId: 'a/b' }))).not.toBe(entryNameOf(sampleResult({ runId: 'a~b' })));
  });
});

describe('the text of a waiting result', () => {
  test.each([sampleResult(), sampleFailure({ followUps: [sampleResult()] }), sampleResult({ trigger: 'on-demand' })])(
    'gives the result back',
    (result) => {
      expect(fromSpoolText(toSpoolText(result))).toEqual(result);
    },
  );

  test('is no larger than a row, whatever a server made the result hold', () => {
    const huge = sampleFailure({ observations: { huge: 'ü'.repeat(5_000_000) } });

    expect(toSpoolText(huge).length).toBeLessThan(100_000);
    expect(fromSpoolText(toSpoolText(huge))?.observations).toEqual({ truncated: true });
  });

  test.each(['', '{', 'null', '[]', '"text"', '{}', toSpoolText(sampleResult()).slice(0, -9)])(
    'that is damaged (%s) is no result',
    (text) => {
      expect(fromSpoolText(text)).toBeUndefined();
    },
  );

  test('of a newer schema is no result', () => {
    const newer = JSON.stringify({ ...JSON.parse(toSpoolText(sampleResult())), schema: 2 });

    expect(fromSpoolText(newer)).toBeUndefined();
  });
});

describe('what goes when there is too much', () => {
  const entry = (name: string, bytes = 10) => ({ name, bytes, version: '' });
  const many = [entry('c'), entry('a'), entry('b', 30)];

  test('is nothing as long as both bounds hold', () => {
    expect(surplusOf(many, entry('d'), { results: 4, bytes: 60 })).toEqual([]);
  });

  test('is the oldest, by number', () => {
    expect(surplusOf(many, entry('d'), { results: 2, bytes: 1000 })).toEqual([entry('a'), entry('b', 30)]);
  });

  test('is the oldest, by size, and no more of them than needed', () => {
    expect(surplusOf(many, entry('d'), { results: 100, bytes: 59 })).toEqual([entry('a')]);
    expect(surplusOf(many, entry('d'), { results: 100, bytes: 49 })).toEqual([entry('a'), entry('b', 30)]);
  });

  test('does not count the entry whose place the new one takes, and is never the new one', () => {
    expect(surplusOf(many, entry('c'), { results: 3, bytes: 1000 })).toEqual([]);
    expect(surplusOf([], entry('d', 5000), { results: 1, bytes: 10 })).toEqual([]);
  });

  test('is found in order, whatever order the entries come in', () => {
    expect(inOrder(many).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});
