import { describe, expect, test } from 'vitest';
import { readRunRequest } from '../../../shared/run/runRequest.js';

const badBody = {
  kind: 'refused',
  status: 400,
  error: 'body: expected nothing, or {"force": true} or {"force": false}',
};

describe('a request for a run', () => {
  test.each([
    [undefined, '', false],
    [undefined, ' \n', false],
    [undefined, '{}', false],
    [undefined, '{"force": false}', false],
    [undefined, '{"force": true}', true],
    ['true', '', true],
    ['TRUE', '{"force": false}', true],
    ['false', '{"force": true}', true],
    ['false', '', false],
  ])('with ?force=%s and the body %j is forced: %s', (query, body, force) => {
    expect(readRunRequest(query, body)).toEqual({ kind: 'run', force });
  });

  test.each([
    'force',
    '[]',
    'null',
    'true',
    '{"force": 1}',
    '{"force": "true"}',
    '{"Force": true}',
    '{"force": true,}',
  ])('with the body %s is refused, not guessed at', (body) => {
    expect(readRunRequest(undefined, body)).toEqual(badBody);
  });

  test.each(['', 'yes', '1', 'true,true', ' true'])('with ?force=%j is refused', (query) => {
    expect(readRunRequest(query, '')).toEqual({
      kind: 'refused',
      status: 400,
      error: 'force: expected true or false',
    });
  });

  test('with a body of more than 1024 characters is refused unread', () => {
    expect(readRunRequest(undefined, '['.repeat(1_024))).toEqual(badBody);
    expect(readRunRequest(undefined, '['.repeat(1_025))).toEqual({
      kind: 'refused',
      status: 413,
      error: 'the body may have at most 1024 characters',
    });
  });
});
