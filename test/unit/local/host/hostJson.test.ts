import { describe, expect, test } from 'vitest';
import { parseHostJson } from '../../../../shared/local/host/hostJson.js';

const parse = (value: unknown) => parseHostJson(JSON.stringify(value));

describe('host.json', () => {
  test('gives the prefix of routes and the time limit', () => {
    const read = parse({ functionTimeout: '00:02:30', extensions: { http: { routePrefix: '' } } });

    expect(read).toEqual({ routePrefix: '', functionTimeoutMs: 150_000 });
  });

  test("has Azure's defaults", () => {
    expect(parse({ version: '2.0' })).toEqual({ routePrefix: 'api', functionTimeoutMs: 1_800_000 });
  });

  test('may lift the time limit', () => {
    expect(parse({ functionTimeout: '-1' }).functionTimeoutMs).toBeUndefined();
  });

  test.each([
    [{ functionTimeout: '2 min' }, 'host.json: functionTimeout must be hh:mm:ss above zero, or "-1", not "2 min"'],
    [
      { functionTimeout: '00:00:00' },
      'host.json: functionTimeout must be hh:mm:ss above zero, or "-1", not "00:00:00"',
    ],
    [{ extensions: { http: { routePrefix: 1 } } }, 'host.json: extensions.http.routePrefix must be a string'],
    [{ extensions: [] }, 'host.json: extensions must be an object'],
    [[], 'host.json must be an object'],
  ])('%j is refused', (value, message) => {
    expect(() => parse(value)).toThrow(new Error(message));
  });
});
