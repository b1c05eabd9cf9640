import { describe, expect, test } from 'vitest';
import { compareRoutes, matchRoute, parseRoute, shownPath } from '../../../../shared/local/host/routes.js';

const match = (template: string, path: string) => matchRoute(parseRoute('', template), path);

describe('a route template', () => {
  test.each([
    ['api/status', '/api/status', {}],
    ['api/status', '/API/Status/', {}],
    ['api/status/{edge}', '/api/status/contoso', { edge: 'contoso' }],
    ['api/status/{edge}', '/api/status/con%20toso', { edge: 'con toso' }],
    ['api/status/{edge?}', '/api/status', {}],
    ['api/status/{edge?}', '/api/status/contoso', { edge: 'contoso' }],
    ['api/page/{number:int}', '/api/page/-12', { number: '-12' }],
    ['api/{*rest}', '/api/a/b%20c', { rest: 'a/b c' }],
    ['api/{*rest}', '/api', {}],
    ['api/badge/{edge}/{transaction}.svg', '/api/badge/a/im.svg', { edge: 'a', transaction: 'im' }],
    ['/', '/', {}],
    ['{ignored:maxlength(0)?}', '/', {}],
  ])('%s matches %s', (template, path, params) => {
    expect(match(template, path)).toEqual(params);
  });

  test.each([
    ['api/status', '/api'],
    ['api/status', '/api/status/more'],
    ['api/status/{edge}', '/api/status'],
    ['api/status/{edge}', '/api/status/'],
    ['api/status/{edge}', '/api/status//'],
    ['api/page/{number:int}', '/api/page/twelve'],
    ['api/badge/{edge}.svg', '/api/badge/.svg'],
    ['api/v2/summary.json', '/api/v2/summaryXjson'],
    ['/', '/favicon.ico'],
    ['{ignored:maxlength(0)?}', '/favicon.ico'],
  ])('%s does not match %s', (template, path) => {
    expect(match(template, path)).toBeUndefined();
  });

  test('stands behind the prefix of host.json', () => {
    expect(parseRoute('api', '/status/').template).toBe('api/status');
  });

  test('keeps an encoded slash encoded, so that a handler sees no separator that was none', () => {
    expect(match('api/status/{edge}', '/api/status/..%2F%2e%2e')).toEqual({ edge: '..%2F..' });
  });

  test('rejects a broken escape', () => {
    expect(() => match('api/{edge}', '/api/%zz')).toThrow(URIError);
  });

  test.each([
    ['api/{edge?}/x', 'route "api/{edge?}/x": only the last segment may be optional or a catch-all'],
    ['api/{edge', 'route "api/{edge": "{edge" is not a segment this host understands'],
    ['api/{a}-{b}', 'route "api/{a}-{b}": "{a}-{b}" is not a segment this host understands'],
    ['api/x{a?}', 'route "api/x{a?}": "x{a?}" mixes text with an optional or catch-all parameter'],
    [
      'api/{a:datetime}',
      'route "api/{a:datetime}": the constraint "datetime" is not one of int, alpha, bool, guid, maxlength(n)',
    ],
  ])('%s is refused', (template, message) => {
    expect(() => parseRoute('', template)).toThrow(new Error(message));
  });
});

test.each([
  ['{ignored:maxlength(0)?}', '/'],
  ['', '/'],
  ['api/status/{edge}/{transaction}', '/api/status/{edge}/{transaction}'],
])('"%s" is shown as %s', (template, shown) => {
  expect(shownPath(parseRoute('', template))).toBe(shown);
});

test('the more exact route comes first', () => {
  const templates = ['{*rest}', 'api/{name}', 'api/{name:int}', 'api/{name}.svg', 'api/status', 'api'];

  const sorted = templates.map((template) => parseRoute('', template)).sort(compareRoutes);

  expect(sorted.map((route) => route.template)).toEqual([
    'api',
    'api/status',
    'api/{name}.svg',
    'api/{name:int}',
    'api/{name}',
    '{*rest}',
  ]);
});
