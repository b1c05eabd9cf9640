import { expect, test } from 'vitest';
import { kindOf, troubleOf } from '../../../shared/telemetry/ingestionAnswer.js';

test.each([
  [200, '{"itemsReceived":2,"itemsAccepted":2,"errors":[]}', undefined],
  [
    206,
    '{"itemsReceived":2,"itemsAccepted":1,"errors":[{"index":1,"statusCode":500}]}',
    'ingestion accepted 1 of 2 items',
  ],
  [206, 'canary', 'ingestion accepted only a part'],
  [206, '', 'ingestion accepted only a part'],
  [400, 'canary', 'ingestion answered 400 (it refused the instrumentation key or the data)'],
  [401, '', 'ingestion answered 401 (it wants a token, or another one)'],
  [402, '', 'ingestion answered 402 (the quota is used up)'],
  [429, '', 'ingestion answered 429 (too many requests)'],
  [500, 'canary', 'ingestion answered 500'],
])('an answer with %i and "%s" means: %s', (status, body, trouble) => {
  expect(troubleOf(status, body)).toBe(trouble);
});

test.each([
  [Object.assign(new Error('connect to canary'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [
    Object.assign(new Error('canary'), { name: 'AuthenticationError', code: 'canary is no code' }),
    'AuthenticationError',
  ],
  [Object.assign(new Error('canary'), { code: 7 }), 'Error'],
  ['canary', 'unknown error'],
])('an error on the way is told by its kind: %s', (error, kind) => {
  expect(kindOf(error)).toBe(kind);
});
