import { describe, expect, test } from 'vitest';
import { optionsFrom } from '../../rig/plan/environment.js';
import { contradictions, settle } from '../../rig/plan/settings.js';

describe('the environment', () => {
  test('chooses every option', () => {
    const options = optionsFrom({
      RIG_BASE: '20000',
      RIG_NET: '127.0.31',
      RIG_STATE: '/tmp/r',
      RIG_EDGES: '1',
      RIG_SERVICES: 'dns sip1',
      RIG_GW: 'star',
      RIG_S2S_SECURE: 'true',
      RIG_DNS_TTL: '5',
      RIG_SIP_USERS: 'ann:A:1 bob:B',
      RIG_XMPP_USERS: 'cid:C',
      RIG_XMPP_LOG: 'debug',
    });

    expect(options).toEqual({
      base: 20_000,
      net: '127.0.31',
      state: '/tmp/r',
      edges: [1],
      services: ['dns', 'sip1'],
      gateway: 'star',
      certificatesOnly: true,
      dnsTtl: 5,
      sipUsers: [
        { name: 'ann', password: 'A:1' },
        { name: 'bob', password: 'B' },
      ],
      xmppUsers: [{ name: 'cid', password: 'C' }],
      xmppLog: 'debug',
    });
  });

  test('chooses nothing with empty and foreign variables', () => {
    expect(optionsFrom({ RIG_BASE: '', PATH: '/bin' })).toEqual({});
  });

  test.each([
    [{ RIG_BASE: '1e3' }, 'RIG_BASE: expected a whole number, got "1e3"'],
    [{ RIG_EDGES: '1,2' }, 'RIG_EDGES: expected 1, 2, got "1,2"'],
    [
      { RIG_SERVICES: 'sip3' },
      'RIG_SERVICES: expected dns, partner, xmpp1, sip1, turn1, xmpp2, sip2, turn2, got "sip3"',
    ],
    [{ RIG_GW: 'moon' }, 'RIG_GW: expected direct, star, got "moon"'],
    [{ RIG_S2S_SECURE: 'yes' }, 'RIG_S2S_SECURE: expected true, false, got "yes"'],
  ])('is refused when it says %j', (environment, message) => {
    expect(() => optionsFrom(environment)).toThrow(expect.objectContaining({ name: 'UsageError', message }));
  });
});

describe('the settings', () => {
  test('have the whole pool by default', () => {
    const settings = settle({}, '/tmp/rig');

    expect(settings).toMatchObject({ base: 10_000, net: '127.0.0', state: '/tmp/rig', gateway: 'direct', dnsTtl: 1 });
    expect(settings.services).toEqual(['dns', 'partner', 'xmpp1', 'sip1', 'turn1', 'xmpp2', 'sip2', 'turn2']);
    expect(settings.sipUsers).toContainEqual({ name: 'kenmyer', password: 'Rig-kenmyer-1' });
  });

  test('leave out what belongs to the other Edge', () => {
    expect(settle({ edges: [1] }, '/tmp/rig').services).toEqual(['dns', 'partner', 'xmpp1', 'sip1', 'turn1']);
  });

  test('have each chosen server once, in the usual order', () => {
    expect(settle({ services: ['sip1', 'dns', 'sip1'] }, '/tmp/rig').services).toEqual(['dns', 'sip1']);
  });

  const state = 'an absolute path of letters, digits and ./_-, at most 80 characters';
  test.each([
    [{ base: 60_000 }, 'RIG_BASE: expected a whole number from 0 to 55936, got 60000'],
    [{ net: '10.0.0' }, 'RIG_NET: expected three octets of loopback such as 127.0.31, got "10.0.0"'],
    [{ net: '127.0.256' }, 'RIG_NET: expected three octets of loopback such as 127.0.31, got "127.0.256"'],
    [{ state: 'here' }, `RIG_STATE: expected ${state}, got "here"`],
    [{ state: '/tmp/a b' }, `RIG_STATE: expected ${state}, got "/tmp/a b"`],
    [{ state: `/${'x'.repeat(80)}` }, `RIG_STATE: expected ${state}, got "/${'x'.repeat(80)}"`],
    [{ dnsTtl: -1 }, 'RIG_DNS_TTL: expected whole seconds from 0 to 86400, got -1'],
    [{ edges: [1], services: ['sip2'] }, 'RIG_SERVICES: sip2 is of an Edge that RIG_EDGES leaves out'],
    [{ services: [] }, 'RIG_SERVICES: expected some of dns, partner, xmpp1, sip1, turn1, xmpp2, sip2, turn2'],
  ] as const)('are refused when the options are %j', (options, message) => {
    expect(() => settle(options, '/tmp/rig')).toThrow(expect.objectContaining({ name: 'UsageError', message }));
  });

  test.each(['a"b', 'a;b', 'a$b', 'a\nb', ''])(
    'refuse the password %j, which a configuration file could read as more than a word',
    (password) => {
      expect(() => settle({ sipUsers: [{ name: 'ann', password }] }, '/tmp/rig')).toThrow(
        'RIG_SIP_USERS: expected "user:password ...", users of a-z 0-9 . _ -, passwords of A-Z a-z 0-9 . _ + = -',
      );
    },
  );

  test('tell which of the kept ones the options contradict', () => {
    const kept = settle({ net: '127.0.31', edges: [1] }, '/tmp/rig');

    expect(contradictions({ net: '127.0.31' }, kept)).toEqual([]);
    expect(contradictions({}, kept)).toEqual([]);
    expect(contradictions({ net: '127.0.32', services: ['dns'] }, kept)).toEqual([
      'RIG_NET=127.0.31',
      'RIG_SERVICES=dns partner xmpp1 sip1 turn1',
    ]);
  });
});
