import { describe, expect, test } from 'vitest';
import { directConfig, isDirect } from '../../../shared/cli/directConfig.js';

const given = { 'sip-domain': 'contoso.com', 'sip-address': 'sip:pilar@contoso.com' };

function edgeOf(options: Record<string, string>): unknown {
  return JSON.parse(directConfig('registration', { ...given, ...options })).edges[0];
}

describe('an edge described by options', () => {
  test('becomes a configuration whose password is a reference', () => {
    expect(JSON.parse(directConfig('registration', given))).toEqual({
      edges: [
        {
          name: 'command-line',
          sipDomain: 'contoso.com',
          accounts: {
            first: {
              sipAddress: 'sip:pilar@contoso.com',
              userName: 'pilar',
              password: { env: 'EDGE_PROBES_PASSWORD' },
            },
          },
          transactions: { registration: {} },
        },
      ],
    });
  });

  test('may name host, port, address, dialect, transport and user', () => {
    const edge = edgeOf({
      'target-fqdn': 'sip.contoso.com:5061',
      address: '192.0.2.10',
      transport: 'tls',
      dialect: 'rfc',
      'user-name': 'CONTOSO\\pilar',
    });

    expect(edge).toMatchObject({
      dialect: 'rfc',
      accessEdge: { host: 'sip.contoso.com', port: 5061, address: '192.0.2.10', transport: 'tls' },
      accounts: { first: { userName: 'CONTOSO\\pilar' } },
    });
  });

  test('needs no scheme in the SIP address', () => {
    expect(edgeOf({ 'sip-address': 'pilar@contoso.com' })).toMatchObject({
      accounts: { first: { sipAddress: 'sip:pilar@contoso.com', userName: 'pilar' } },
    });
  });

  test.each([
    [{ 'sip-domain': 'contoso.com' }, '--sip-address is missing; expected sip:user@domain'],
    [
      { ...given, config: 'a.json' },
      '--sip-domain describes the edge by options; it does not go with --config or --edge',
    ],
    [
      { ...given, address: '192.0.2.1' },
      '--address and --transport go with --target-fqdn: the name of the server and its certificate',
    ],
    [{ ...given, 'dns-server': '' }, '--dns-server is empty; expected a value'],
    [{ ...given, 'peer-user-name': 'kenmyer' }, '--peer-user-name goes with --peer-sip-address'],
  ])('%j is refused', (options, message) => {
    expect(() => directConfig('registration', options)).toThrow(message);
  });

  test('has a second user with a password of its own where one is named', () => {
    const options = { ...given, 'peer-sip-address': 'kenmyer@contoso.com', 'peer-user-name': 'CONTOSO\\kenmyer' };

    expect(JSON.parse(directConfig('presence', options)).edges[0].accounts.second).toEqual({
      sipAddress: 'sip:kenmyer@contoso.com',
      userName: 'CONTOSO\\kenmyer',
      password: { env: 'EDGE_PROBES_PEER_PASSWORD' },
    });
  });

  test.each(['presence', 'im'])('needs one for %s', (transaction) => {
    expect(() => directConfig(transaction, given)).toThrow(
      `--peer-sip-address is missing; expected sip:user@domain: ${transaction} needs two users`,
    );
  });

  test('is not half described', () => {
    expect(() => isDirect({ 'target-fqdn': 'sip.contoso.com' })).toThrow(
      '--target-fqdn goes with --sip-domain: an edge described by options instead of a file',
    );
  });
});
