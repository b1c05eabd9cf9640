import { describe, expect, test } from 'vitest';
import { missingFor } from '../../rig/availability.js';
import { edgesOf, expandTarget, serviceNames } from '../../rig/plan/services.js';

describe('a target', () => {
  test('stands for one server, for those of an Edge, or for all', () => {
    expect(expandTarget('sip2', serviceNames)).toEqual(['sip2']);
    expect(expandTarget('edge1', serviceNames)).toEqual(['xmpp1', 'sip1', 'turn1']);
    expect(expandTarget('all', ['dns', 'sip1'])).toEqual(['dns', 'sip1']);
  });

  test('stands only for servers that the rig has', () => {
    expect(expandTarget('edge1', ['dns', 'sip1'])).toEqual(['sip1']);
    expect(() => expandTarget('turn1', ['dns', 'sip1'])).toThrow('turn1 is not part of this rig, which has dns, sip1');
  });

  test('that is no Edge brings no Edge', () => {
    expect(edgesOf(['dns', 'partner'])).toEqual([]);
    expect(edgesOf(['dns', 'sip2'])).toEqual([2]);
  });
});

describe('what is missing', () => {
  const machine =
    (...present: string[]) =>
    (path: string) =>
      present.some((end) => path.endsWith(`/${end}`));

  test('is nothing when every program and module is there', () => {
    const exists = machine('kamailio', 'kamcmd', 'cc', 'openssl', 'tls.so', 'presence.so', 'xmpp.so', 'knotd', 'knotc');

    expect(missingFor(['dns', 'sip1'], exists)).toEqual([]);
  });

  test('is only what the chosen servers need', () => {
    const exists = machine('openssl');

    expect(missingFor(['turn1'], exists)).toEqual(['turnserver']);
    expect(missingFor(['dns', 'sip1', 'sip2'], exists)).toEqual(['knotd', 'knotc', 'kamailio', 'kamcmd', 'cc']);
  });

  test('is Linux anywhere else', () => {
    expect(missingFor(['dns'], () => true, 'darwin')).toEqual(['Linux']);
  });

  test('names a module that comes in a package of its own', () => {
    const exists = machine('kamailio', 'kamcmd', 'cc', 'openssl', 'presence.so', 'xmpp.so');

    expect(missingFor(['sip1'], exists)).toEqual(["kamailio's tls.so"]);
  });
});
