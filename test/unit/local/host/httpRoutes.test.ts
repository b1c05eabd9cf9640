import { describe, expect, test } from 'vitest';
import { findEndpoint, sortEndpoints, toEndpoint } from '../../../../shared/local/host/httpRoutes.js';

function endpoint(name: string, options: Record<string, unknown>) {
  const fn = { metadata: { name, bindings: {} }, callback: () => undefined };
  return toEndpoint(fn, { name: 'httpTrigger1', binding: { type: 'httpTrigger', direction: 'in', ...options } }, 'api');
}

describe('an HTTP function', () => {
  test('answers at its own name to GET and POST, with a key, unless it says otherwise', () => {
    const { route, methods, authLevel } = endpoint('getStatus', {});

    expect({ template: route.template, methods, authLevel }).toEqual({
      template: 'api/getStatus',
      methods: ['GET', 'POST'],
      authLevel: 'function',
    });
  });

  test('is refused with an unknown authLevel', () => {
    expect(() => endpoint('getStatus', { authLevel: 'user' })).toThrow(
      new Error('function "getStatus": authLevel "user" is not one of anonymous, function, admin'),
    );
  });
});

describe('a path and a method', () => {
  const sorted = sortEndpoints([
    endpoint('any', { route: '{name}', methods: ['GET'] }),
    endpoint('status', { route: 'status', methods: ['get'] }),
    endpoint('change', { route: 'status', methods: ['PUT'] }),
  ]);
  const find = (method: string, path: string) => {
    const match = findEndpoint(sorted, method, path);
    return match.kind === 'found' ? match.endpoint.fn.metadata.name : match;
  };

  test('lead to the most exact function that has the method', () => {
    expect(find('GET', '/api/status')).toBe('status');
    expect(find('PUT', '/api/status')).toBe('change');
    expect(find('GET', '/api/other')).toBe('any');
  });

  test('lead to what answers GET when the method is HEAD (RFC 9110 section 9.3.2)', () => {
    expect(find('HEAD', '/api/status')).toBe('status');
  });

  test('lead nowhere when no route is like the path', () => {
    expect(find('GET', '/status')).toEqual({ kind: 'no-route' });
  });

  test('name every method of the path when this one is not among them', () => {
    expect(find('DELETE', '/api/status')).toEqual({ kind: 'no-method', allowed: ['GET', 'HEAD', 'PUT'] });
  });
});
