import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSample } from './sampleApp.js';

test('a timer fires every second with its status, and once more is not fired after the stop', async () => {
  const host = await startSample({
    source: `let count = 0;
      app.timer('tick', { schedule: '%EVERY_SECOND%', handler: (timer, context) => context.log('tick ' + ++count + ' ' + timer.isPastDue) });`,
    settings: { EVERY_SECOND: '* * * * * *' },
  });

  expect(await host.said('tick 2')).toBe('tick 2 false');
  await host.end();
  const atTheEnd = host.lines.length;
  await new Promise((resolve) => setTimeout(resolve, 1_100));

  expect(host.lines).toHaveLength(atTheEnd);
});

test('a timer that throws is logged and fires again', async () => {
  const host = await startSample({
    source: `let count = 0;
      app.timer('tick', { schedule: '* * * * * *', handler: () => { throw new Error('no ' + ++count); } });`,
  });

  expect(await host.said('no 2')).toMatch(/^tick {2}failed {2}Error: no 2\n/);
  await host.end();
});

test('a run that was missed while the host was away is caught up, and its memory is brought up to date', async () => {
  const schedule = '0 0 0 1 1 *';
  const entry = {
    schedule,
    last: '2020-01-01T00:00:00Z',
    next: '2021-01-01T00:00:00Z',
    lastUpdated: '2020-01-01T00:00:00Z',
  };
  const host = await startSample({
    source: `app.timer('yearly', { schedule: '${schedule}', handler: (timer, context) => context.log('due ' + timer.isPastDue + ' ' + timer.scheduleStatus.next) });`,
    data: { 'timers.json': JSON.stringify({ yearly: entry }) },
  });

  expect(await host.said('due')).toBe('due true 2021-01-01T00:00:00Z');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const memory = JSON.parse(readFileSync(join(host.folder, 'timers.json'), 'utf8'));

  expect(Date.parse(memory.yearly.last)).toBeGreaterThan(Date.parse('2021-01-01T00:00:00Z'));
  expect(memory.yearly.next).toMatch(/^20\d\d-01-01T00:00:00.000Z$/);
  await host.end();
});

test('a function that cannot run is left out with its reason, and the others run', async () => {
  const host = await startSample({
    source: `app.timer('five', { schedule: '*/5 * * * *', handler: () => {} });
      app.get('bad', { route: '{a}{b}', handler: () => {} });
      app.storageQueue('queue', { queueName: 'q', connection: 'c', handler: () => {} });
      app.get('good', { authLevel: 'anonymous', handler: () => ({ body: 'fine' }) });`,
    data: { 'timers.json': '{"five": 1' },
  });

  const answer = await fetch(`${host.url}/good`);
  const left = host.functions().filter((info) => info.kind === 'refused');

  expect(await answer.text()).toBe('fine');
  expect(left.map((info) => info.name)).toEqual(['five', 'bad', 'queue']);
  expect(await host.said('"queue"')).toBe(
    'function "queue": this host has timer and HTTP triggers, not queueTrigger; it does not run',
  );
  await host.end();
});

test('stopping waits for a run in progress, then lets the app close', async () => {
  const host = await startSample({
    source: `app.hook.appTerminate(() => { globalThis.sampleLog('terminated'); });
      app.timer('slow', { schedule: '* * * * * *', handler: async (timer, context) => {
        globalThis.sampleLog = (text) => context.log(text);
        context.log('begun'); await new Promise((resolve) => setTimeout(resolve, 700)); context.log('ended'); } });`,
  });

  await host.said('begun');
  await host.end();

  const texts = host.lines.filter((line) => line.source === 'app').map((line) => line.text);
  expect(texts).toEqual(['begun', 'ended', 'terminated']);
});

test('stopping tells the app when a run goes on, and waits for what the app does about it', async () => {
  const host = await startSample({
    source: `let end;
      const ended = new Promise((resolve) => { end = resolve; });
      app.hook.appTerminate(() => { globalThis.sampleLog('told to end'); end(); });
      app.timer('slow', { schedule: '* * * * * *', handler: async (timer, context) => {
        globalThis.sampleLog = (text) => context.log(text);
        context.log('begun'); await ended; await new Promise((resolve) => setTimeout(resolve, 300)); context.log('cleaned up'); } });`,
  });

  await host.said('begun');
  await host.end();

  const texts = host.lines.map((line) => line.text);
  expect(texts).toEqual(['begun', 'ending 1 in progress, each with its clean-up ...', 'told to end', 'cleaned up']);
});

test.each([
  ["throw new Error('boom');", /^the app .*main\.cjs could not be loaded: boom$/],
  ['', /^the app .*main\.cjs registered no function: it must be a CommonJS bundle$/],
  [
    "app.get('a b', { handler: () => {} });",
    /function "a b": a name is a letter, then up to 126 letters, digits, "-" or "_"$/,
  ],
  [
    "app.get('a', { handler: () => {} }); app.get('A', { handler: () => {} });",
    /function "A": there is another of that name$/,
  ],
  [
    "app.setup({ enableHttpStream: true }); app.get('a', { handler: () => {} });",
    /asks for streamed HTTP bodies \(enableHttpStream\), which this host does not have$/,
  ],
])('an app that cannot be loaded is refused: %s', async (source, message) => {
  await expect(startSample({ source })).rejects.toThrow(message);
});
