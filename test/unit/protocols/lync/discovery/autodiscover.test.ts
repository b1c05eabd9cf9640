import { describe, expect, test } from 'vitest';
import { readAutodiscover } from '../../../../../shared/protocols/lync/discovery/autodiscover.js';
import { besideAutodiscover } from '../../../../../shared/protocols/lync/discovery/observeAutodiscover.js';
import { fakeResolver } from '../../../../fakes/fakeResolver.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { ManualClock } from '../../../../fakes/manualClock.js';

const host = 'lyncdiscover.contoso.test';
const links = (body: string) => readAutodiscover(host, 200, body).links;

describe('the root document of autodiscover', () => {
  test.each([
    [
      '<?xml version="1.0"?><AutodiscoverResponse xmlns="http://x" AccessLocation="External"><Root><Link token="Domain" href="https://a"/><Link href="https://b" token="User"/></Root></AutodiscoverResponse>',
      ['Domain', 'User'],
    ],
    ['<a:Root xmlns:a="b"><a:Link token="Redirect" href="https://a"/></a:Root>', ['Redirect']],
    ['{"AccessLocation":"External","Root":{"Links":[{"href":"h","token":"User"},{"token":7},null]}}', ['User']],
    [' {"_links":{"self":{"href":"h"},"user":{"href":"h"},"bad name":1}}', ['self', 'user']],
  ])('%#: shows which links it has', (body, expected) => {
    expect(links(body)).toEqual(expected);
  });

  test.each([
    '',
    '<html><body>404</body></html>',
    '{"Root":{"Links":7}}',
    '{',
    '[]',
    'null',
    '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
  ])('%j is none', (body) => {
    expect(readAutodiscover(host, 404, body)).toEqual({ host, status: 404 });
  });

  test('has no more links in a result than anybody needs', () => {
    expect(links('<Link token="User" href="h"/>'.repeat(1000))).toHaveLength(20);
  });
});

describe('looking for autodiscover beside finding the Edge', () => {
  const zone = { 'A lyncdiscover.contoso.test': ['192.0.2.7'] };
  const asked = (get: () => Promise<{ status: number; body: string }>, records: object = zone) => ({
    sipDomain: 'contoso.test',
    resolver: fakeResolver({ ...records }),
    get,
    clock: new ManualClock(),
  });

  test('observes what it answered', async () => {
    const scope = new FakeScope();
    const get = async () => ({ status: 200, body: '<Link token="User" href="h"/>' });

    const found = await besideAutodiscover(Promise.resolve('target'), asked(get), scope);

    expect(found).toBe('target');
    expect(scope.observations).toContainEqual({ autodiscover: { host, status: 200, links: ['User'] } });
  });

  test('never decides: a name that does not exist and a certificate that is wrong are observed only', async () => {
    const [missing, wrong] = [new FakeScope(), new FakeScope()];
    const fails = () => Promise.reject(Object.assign(new Error('no'), { code: 'CERT_HAS_EXPIRED' }));

    await besideAutodiscover(Promise.resolve(1), asked(fails, {}), missing);
    await besideAutodiscover(Promise.resolve(1), asked(fails), wrong);

    expect(missing.observations).toContainEqual({
      autodiscover: { host, error: `address of ${host}: the name does not exist (NXDOMAIN)` },
    });
    expect(wrong.observations).toContainEqual({ autodiscover: { host, error: 'CERT_HAS_EXPIRED' } });
  });

  test('is observed also when the Edge is not found, and the failure stays what it was', async () => {
    const scope = new FakeScope();
    const failing = Promise.reject(new Error('no Edge'));

    await expect(
      besideAutodiscover(
        failing,
        asked(async () => ({ status: 503, body: '' })),
        scope,
      ),
    ).rejects.toThrow('no Edge');

    expect(scope.observations).toContainEqual({ autodiscover: { host, status: 503 } });
  });

  test('gives up after two seconds', async () => {
    const scope = new FakeScope();
    const clock = new ManualClock();
    const get = (_: unknown, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const found = besideAutodiscover(
      Promise.resolve(1),
      { ...asked(async () => ({ status: 0, body: '' })), get, clock },
      scope,
    );
    await clock.advance(2000);

    expect(await found).toBe(1);
    expect(scope.observations).toContainEqual({ autodiscover: { host, error: 'no answer within 2000 ms' } });
  });
});
