import { describe, expect, test } from 'vitest';
import type { AvailabilitySink } from '../../../shared/telemetry/availabilitySink.js';
import { SinkReporter, silentReporter } from '../../../shared/telemetry/reporter.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { success } from './sampleResults.js';

const trace = '0af7651916cd43dd8448eb211c80319c';
const traceParent = `00-${trace}-b7ad6b7169203331-01`;
const stored = async () => {};

/** A sink that writes down what it is given, and whose flush comes to `troubles` one after the other. */
function fakeSink(troubles: readonly (string | undefined | Error)[] = []) {
  const taken: string[] = [];
  const left = [...troubles];
  const sink: AvailabilitySink = {
    result: ({ edge }, { id }) => void taken.push(`result ${edge} ${id}`),
    error: (error, { id }) => void taken.push(`${error} ${id}`),
    async flush() {
      taken.push('flush');
      const trouble = left.shift();
      if (trouble instanceof Error) throw trouble;
      return trouble;
    },
  };
  return { sink, taken };
}

function start(open: () => Promise<AvailabilitySink>) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const reporter = new SinkReporter({ open, clock, token: (length) => 'f'.repeat(length) });
  const log = (line: string) => void lines.push(line);
  const run = async (store: Parameters<Awaited<ReturnType<typeof reporter.begin>>['end']>[1] = stored) => {
    const report = await reporter.begin(traceParent, log);
    await report.end(success, store);
  };
  return { clock, lines, log, reporter, run };
}

describe('a reporter', () => {
  test('opens the sink once, before the first run, and tells it of each', async () => {
    const { sink, taken } = fakeSink();
    let opened = 0;
    const { reporter, log, lines, run } = start(async () => {
      opened += 1;
      return sink;
    });

    await reporter.begin(traceParent, log);
    expect([opened, taken]).toEqual([1, []]);
    await run();
    await run();

    expect(opened).toBe(1);
    expect(taken).toEqual([`result contoso ${trace}`, 'flush', `result contoso ${trace}`, 'flush']);
    expect(lines).toEqual([]);
  });

  test('tells all of one run under one operation, also one that no host has named', async () => {
    const { sink, taken } = fakeSink();
    const { reporter, log } = start(async () => sink);

    const report = await reporter.begin(undefined, log);
    report.error(new Error('unexpected'));
    await report.end(success, stored);

    expect(taken.filter((line) => line !== 'flush')).toEqual([
      `Error: unexpected ${'f'.repeat(32)}`,
      `result contoso ${'f'.repeat(32)}`,
    ]);
  });

  test('sends while the result is being stored, and waits for both', async () => {
    const { sink, taken } = fakeSink();
    const { run } = start(async () => sink);

    await run(async () => {
      await Promise.resolve();
      await Promise.resolve();
      taken.push('stored');
    });

    expect(taken).toEqual([`result contoso ${trace}`, 'flush', 'stored']);
  });

  test('tells of an error of the store that was got over, and of one that was not, each once', async () => {
    const { sink, taken } = fakeSink();
    const { run } = start(async () => sink);
    const lost = new Error('lost');

    const ended = run(async (onError) => {
      onError(new Error('spooled'));
      onError(lost);
      throw lost;
    });

    await expect(ended).rejects.toBe(lost);
    expect(taken.filter((line) => line.startsWith('Error'))).toEqual([
      `Error: spooled ${trace}`,
      `Error: lost ${trace}`,
    ]);
    expect(taken.at(-1)).toBe('flush');
  });

  test('says what is wrong at once, then is quiet for ten minutes', async () => {
    const { sink } = fakeSink(['ingestion answered 500', 'ingestion answered 500', new Error('flush broke')]);
    const { clock, lines, run } = start(async () => sink);

    await run();
    await clock.advance(599_999);
    await run();
    expect(lines).toEqual(['telemetry: ingestion answered 500']);
    await clock.advance(1);
    await run();

    expect(lines).toEqual(['telemetry: ingestion answered 500', 'telemetry: flush broke']);
  });

  test('tries again to open a sink that could not be opened, and fails no run for it', async () => {
    const { sink, taken } = fakeSink();
    let attempts = 0;
    const { lines, run } = start(async () => {
      attempts += 1;
      if (attempts < 5) throw new Error('no such file');
      return sink;
    });

    await run();
    await run();
    await run();

    expect(lines).toEqual(['telemetry: no such file']);
    expect(taken).toEqual([`result contoso ${trace}`, 'flush']);
  });

  test('survives a sink that throws, and still flushes', async () => {
    const { sink, taken } = fakeSink();
    const broken: AvailabilitySink = {
      ...sink,
      result: () => {
        throw new Error('took it badly');
      },
    };
    const { lines, run } = start(async () => broken);

    await run();

    expect(lines).toEqual(['telemetry: took it badly']);
    expect(taken).toEqual(['flush']);
  });

  test('flushes when the process ends, and opens nothing for that', async () => {
    const { sink, taken } = fakeSink();
    let opened = 0;
    const { log, reporter } = start(async () => {
      opened += 1;
      return sink;
    });

    await reporter.stop();
    expect(opened).toBe(0);
    await reporter.begin(traceParent, log);
    await reporter.stop();

    expect(taken).toEqual(['flush']);
  });
});

test('where there is nobody to tell, results are stored all the same', async () => {
  const done: string[] = [];
  const report = await silentReporter.begin(traceParent, () => {});

  report.error(new Error('unexpected'));
  await report.end(success, async (onError) => {
    onError(new Error('spooled'));
    done.push('stored');
  });
  await silentReporter.stop();

  expect(done).toEqual(['stored']);
});
