import type { Endpoints, EndpointUser } from './endpoints.js';

const often = { schedule: '*/10 * * * * *' };

/** The partner's certificate and its key, beside probes.json. */
export const clientCertificate = { certFile: 'partner.pem', keyFile: 'partner-key.pem' };

/** The texts of probes.json and secrets.env for probing Edge 1 of the rig. */
export function probesConfig(endpoints: Endpoints): { readonly probes: string; readonly secrets: string } {
  const { dns, sip, xmpp, ports, edges, turn, gatewayMode, gatewayDomain } = endpoints;
  const [first, second] = sip.users;
  const [receiver, colleague] = xmpp.users;
  const [active, ...standbys] = edges;
  const probes = {
    dns: { servers: [`${dns.address}:${dns.port}`] },
    tls: { caFile: 'ca.pem' },
    edges: [
      {
        name: 'rig',
        title: 'Rig',
        dialect: 'rfc',
        sipDomain: sip.domain,
        // The ports are not the well-known ones, so that the address is given here and not left to DNS.
        accessEdge: { host: sip.host, address: active?.address, port: ports.sips, transport: 'tls' },
        accounts: {
          ...(first === undefined ? {} : { first: account(first) }),
          ...(second === undefined ? {} : { second: account(second) }),
        },
        transactions: {
          registration: often,
          ...(second === undefined ? {} : { presence: often, im: often }),
          ...(receiver === undefined
            ? {}
            : {
                'xmpp-im': {
                  ...often,
                  receiver: {
                    ...member(receiver),
                    ...(gatewayMode === 'star' && {
                      sipAddress: `sip:${receiver.address.replace('@', '*')}@${gatewayDomain}`,
                    }),
                  },
                },
              }),
          ...(receiver === undefined || colleague === undefined
            ? {}
            : {
                'persistent-chat': {
                  ...often,
                  room: `probes@${xmpp.rooms}`,
                  create: true,
                  first: member(receiver),
                  second: member(colleague),
                },
              }),
          'av-edge': {
            ...often,
            ...{ udpPort: ports.turn, tcpPort: ports.turn, tlsPort: ports.turns },
            ...{ userName: turn.user, password: { env: variableOf(turn) } },
          },
          'sip-federation': { ...often, clientCertificate },
          'xmpp-federation': {
            ...often,
            // Those of the zone as it is after `up`.
            expectActive: active?.name,
            expectStandby: standbys.map(({ name }) => name),
            port: ports.s2s,
          },
        },
      },
    ],
  };
  const secrets = [first, second, receiver, colleague, turn].flatMap((user) =>
    user === undefined ? [] : [`${variableOf(user)}='${user.password}'`],
  );
  return { probes: `${JSON.stringify(probes, null, 2)}\n`, secrets: `${secrets.join('\n')}\n` };
}

function account(user: EndpointUser) {
  return { sipAddress: `sip:${user.address}`, userName: user.user, password: { env: variableOf(user) } };
}

function member(user: EndpointUser) {
  return { jid: user.address, password: { env: variableOf(user) } };
}

function variableOf({ user }: Pick<EndpointUser, 'user'>): string {
  return `${user.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_PASSWORD`;
}
