import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../shared/domain/secret.js';

const password = 'correct horse';

describe('Secret', () => {
  const secret = new Secret(password);

  test('tells its value to who asks by name', () => {
    expect(secret.reveal()).toBe(password);
  });

  test.each([
    ['JSON', () => JSON.stringify({ account: { password: secret } })],
    ['a template', () => `${secret}`],
    ['String()', () => String(secret)],
    ['joining strings', () => ['password', secret].join('=')],
    ['inspect', () => inspect({ secret }, { depth: 9, showHidden: true, getters: true })],
    ['inspect without its own view', () => inspect(secret, { customInspect: false, showHidden: true })],
    ['format', () => format('%s %o %O %j', secret, secret, secret, secret)],
    ['its properties', () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret)])],
    ['a copy', () => inspect([{ ...secret }, structuredClone(secret)])],
    ['an error about it', () => inspect(new Error(`wrong: ${secret}`, { cause: secret }))],
  ])('does not show itself in %s', (_, show) => {
    expect(show()).not.toContain('horse');
  });

  test('shows that it is there', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual(['[secret]', '"[secret]"', '[secret]']);
  });
});
