import { describe, expect, test } from 'vitest';
import { fromHttpData, toHttpData } from '../../../../shared/local/host/httpMessages.js';

const text = (body: Uint8Array) => new TextDecoder().decode(body);

describe('a request on its way to the worker', () => {
  const input = {
    method: 'POST',
    url: new URL('http://localhost:7071/api/run/a/im?force=true&tag=1&tag=2'),
    headers: { host: 'localhost:7071', accept: ['text/html', 'text/plain'], empty: undefined },
    params: { edge: 'a', transaction: 'im' },
    body: new Uint8Array([1, 2]),
  };

  test('carries method, URL, headers, query, parameters and body', () => {
    expect(toHttpData(input)).toEqual({
      http: {
        method: 'POST',
        url: 'http://localhost:7071/api/run/a/im?force=true&tag=1&tag=2',
        nullableHeaders: { host: { value: 'localhost:7071' }, accept: { value: 'text/html, text/plain' } },
        nullableQuery: { force: { value: 'true' }, tag: { value: '1,2' } },
        nullableParams: { edge: { value: 'a' }, transaction: { value: 'im' } },
        body: { bytes: new Uint8Array([1, 2]) },
      },
    });
  });

  test('cannot claim who has signed in: only the platform may', () => {
    const forged = { ...input, headers: { 'x-ms-client-principal': 'e30=', 'X-MS-CLIENT-PRINCIPAL-NAME': 'root' } };

    expect(toHttpData(forged).http?.nullableHeaders).toEqual({});
  });
});

describe('an answer of the worker', () => {
  test('becomes status, headers and body', () => {
    const answer = fromHttpData({
      http: { statusCode: '201', headers: { 'content-type': 'text/plain' }, body: { string: 'made' } },
    });

    expect(answer).toMatchObject({ status: 201, headers: { 'content-type': 'text/plain' } });
    expect(text(answer.body)).toBe('made');
  });

  test('may have a body of bytes, JSON or none', () => {
    expect(text(fromHttpData({ http: { body: { bytes: Buffer.from('raw') } } }).body)).toBe('raw');
    expect(text(fromHttpData({ http: { body: { json: '{"a":1}' } } }).body)).toBe('{"a":1}');
    expect(text(fromHttpData({ http: {} }).body)).toBe('');
  });

  test('is 204 when the function returned nothing', () => {
    expect(fromHttpData(undefined)).toEqual({ status: 204, headers: {}, body: new Uint8Array() });
  });

  test('sets cookies with their attributes (RFC 6265 section 4.1.1)', () => {
    const cookies = [
      { name: 'a', value: '1;2' },
      {
        name: 'b',
        value: 'x',
        path: { value: '/' },
        domain: { value: 'contoso.com' },
        expires: { value: { seconds: 0 } },
        maxAge: { value: 60 },
        secure: { value: true },
        httpOnly: { value: true },
        sameSite: 'strict' as const,
      },
    ];

    expect(fromHttpData({ http: { cookies } }).headers['set-cookie']).toEqual([
      'a=1%3B2',
      'b=x; Domain=contoso.com; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60; Secure; HttpOnly; SameSite=Strict',
    ]);
  });

  test.each(['99', '101', '600', 'fine'])('with status %s is refused', (statusCode) => {
    expect(() => fromHttpData({ http: { statusCode } })).toThrow(
      new Error(`the function answered with status ${statusCode}, expected 200 to 599`),
    );
  });
});
