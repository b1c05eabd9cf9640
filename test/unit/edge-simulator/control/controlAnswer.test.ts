import { describe, expect, test } from 'vitest';
import { type ControlWish, readControlRequest } from '../../../edge-simulator/control/controlAnswer.js';

function read(method: string, url: string, host = '127.0.0.1:8080'): ControlWish {
  return readControlRequest({ method, url, host }, 8080);
}

describe('readControlRequest', () => {
  test.each([
    ['GET', '/faults', { kind: 'list-faults' }],
    ['GET', '/state', { kind: 'state' }],
    ['PUT', '/faults/slow', { kind: 'set-fault', name: 'slow', delayMs: undefined }],
    ['PUT', '/faults/slow?delayMs=50', { kind: 'set-fault', name: 'slow', delayMs: 50 }],
    ['DELETE', '/faults/slow', { kind: 'clear-fault', name: 'slow' }],
  ])('understands %s %s', (method, url, wish) => {
    expect(read(method, url)).toEqual(wish);
    expect(readControlRequest({ method, url, host: 'localhost:8080' }, 8080)).toEqual(wish);
  });

  test.each([
    ['POST', '/faults', 405, 'method not allowed; allowed: GET'],
    ['PUT', '/state', 405, 'method not allowed; allowed: GET'],
    ['GET', '/faults/slow', 405, 'method not allowed; allowed: PUT, DELETE'],
    ['PUT', '/faults/slow?delayMs=soon', 400, 'delayMs must be a whole number of milliseconds'],
    [
      'GET',
      '/',
      404,
      'no such path; there are GET /state, GET /faults, PUT /faults/NAME, PUT /faults/NAME?delayMs=MS, DELETE /faults/NAME',
    ],
  ])('refuses %s %s with %i', (method, url, status, error) => {
    expect(read(method, url)).toMatchObject({ kind: 'refused', status, error });
  });

  test.each(['evil.example', '127.0.0.1', '127.0.0.1:8081', ''])('refuses the Host %j', (host) => {
    expect(read('GET', '/state', host)).toEqual({
      kind: 'refused',
      status: 403,
      error: 'Host must be 127.0.0.1:8080 or localhost:8080',
    });
  });
});
