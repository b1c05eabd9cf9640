import { describe, expect, test } from 'vitest';
import { toException } from '../../../shared/telemetry/toException.js';

const operation = { id: '0af7651916cd43dd8448eb211c80319c' };

describe('an error of our own', () => {
  test('is told with its name, its words, its frames and the kind of its cause', () => {
    const cause = Object.assign(new Error('<Error>canary</Error>'), {
      name: 'RestError',
      statusCode: 403,
      code: 'AuthorizationFailure',
    });
    const error = Object.assign(new Error('row not written', { cause }), {
      name: 'StoreError',
      stack: 'StoreError: row not written\n    at save (store.ts:1:2)\n    at run (run.ts:3:4)',
    });

    expect(toException(error, operation, 42)).toEqual({
      kind: 'exception',
      typeName: 'StoreError',
      message: 'row not written',
      stack: 'StoreError: row not written\n    at save (store.ts:1:2)\n    at run (run.ts:3:4)',
      timeMs: 42,
      operationId: operation.id,
      parentId: undefined,
      properties: { cause: 'RestError 403 AuthorizationFailure' },
      measurements: {},
    });
  });

  test('is bounded, also where its message has many lines and its stack no end', () => {
    const error = new Error(`first\nsecond ${'x'.repeat(10_000)}`);
    error.stack = `Error: first\nsecond\n${'    at f (a.ts:1:1)\n'.repeat(500)}`;

    const item = toException(error, operation, 0);

    expect(item).toMatchObject({ message: `first second ${'x'.repeat(486)}…`, properties: {} });
    expect(item.kind === 'exception' && item.stack.split('\n')).toHaveLength(16);
  });

  test.each([
    ['a text', 'something that is no Error was thrown'],
    [undefined, 'something that is no Error was thrown'],
    [{ message: 'canary' }, 'something that is no Error was thrown'],
  ])('may be no Error at all: %j', (thrown, message) => {
    expect(toException(thrown, operation, 0)).toMatchObject({ kind: 'exception', typeName: 'Error', message });
  });

  test('does not repeat the code of a cause that looks like text', () => {
    const error = new Error('x', { cause: Object.assign(new Error('y'), { code: 'secret text=1' }) });

    expect(toException(error, operation, 0).properties).toEqual({ cause: 'Error' });
  });
});
