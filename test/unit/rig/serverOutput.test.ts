import { describe, expect, test } from 'vitest';
import { parseContacts } from '../../rig/plan/contacts.js';
import { gatewayConnected } from '../../rig/plan/gatewayLog.js';
import { parseProcStat } from '../../rig/plan/procStat.js';

describe('a stat line', () => {
  test('gives state, group and start time although the command holds spaces and parentheses', () => {
    const line = `4242 (a) b (c) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 130224 18524`;

    expect(parseProcStat(line)).toEqual({ pid: 4242, state: 'S', group: 4242, startTime: '987654' });
  });

  test.each(['', 'x', '12 (cut) S 1 12', '4242 S 1 2'])('%j is none', (line) => {
    expect(parseProcStat(line)).toBeUndefined();
  });
});

describe('the dump of the user locations', () => {
  test('gives every binding with its user', () => {
    const dump = [
      '\t\t\tDomain: location',
      '\t\t\tAoRs: {',
      '\t\t\t\t\tAoR: pilar',
      '\t\t\t\t\t\t\tAddress: sip:pilar@192.0.2.1:5061;transport=tls',
      '\t\t\t\t\t\t\tReceived: sip:127.0.0.1:1;transport=tls',
      '\t\t\t\t\t\t\tAddress: sip:pilar@192.0.2.2',
      '\t\t\t\t\tAoR: kenmyer',
      '\t\t\t\t\t\t\tAddress: sip:kenmyer@192.0.2.3',
    ].join('\n');

    expect(parseContacts(dump)).toEqual([
      { user: 'pilar', address: 'sip:pilar@192.0.2.1:5061;transport=tls' },
      { user: 'pilar', address: 'sip:pilar@192.0.2.2' },
      { user: 'kenmyer', address: 'sip:kenmyer@192.0.2.3' },
    ]);
  });

  test('is refused when it is something else', () => {
    expect(() => parseContacts('error: 500 - busy')).toThrow('no dump of user locations: error: 500 - busy');
  });

  test('without bindings gives none', () => {
    expect(parseContacts('{\n\tDomains: {\n\t\tDomain: {\n\t\t\tDomain: location\n\t\t}\n\t}\n}\n')).toEqual([]);
  });
});

describe('the log of an Edge’s Prosody', () => {
  const connected = '05:22:34 contoso.test:component  info\tExternal component successfully authenticated\n';
  const refused = '05:22:35 jcp5613714bff40  info\tcomponent disconnected: (nil) ((nil))\n';
  const lost = '05:22:36 jcp5613714bff40  info\tcomponent disconnected: contoso.test ((nil))\n';

  test.each([
    ['', false],
    [refused, false],
    [connected, true],
    [connected + refused, true],
    [connected + lost, false],
    [connected + lost + connected, true],
  ])('%j means that the gateway is connected: %s', (log, expected) => {
    expect(gatewayConnected(log, 'contoso.test')).toBe(expected);
  });
});
