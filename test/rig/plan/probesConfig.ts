import type { Endpoints, EndpointUser } from './endpoints.js';

const often = { schedule: '*/10 * * * * *' };

/** The texts of probes.json and secrets.env for probing Edge 1 of the rig. */
export function probesConfig(endpoints: Endpoints): { readonly probes: string; readonly secrets: string } {
  const { dns, sip, ports } = endpoints;
  const [first, second] = sip.users;
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
        accessEdge: { host: sip.host, address: endpoints.edges[0]?.address, port: ports.sips, transport: 'tls' },
        accounts: {
          ...(first === undefined ? {} : { first: account(first) }),
          ...(second === undefined ? {} : { second: account(second) }),
        },
        transactions: { registration: often, ...(second === undefined ? {} : { presence: often, im: often }) },
      },
    ],
  };
  const secrets = [first, second].flatMap((user) =>
    user === undefined ? [] : [`${variableOf(user)}='${user.password}'`],
  );
  return { probes: `${JSON.stringify(probes, null, 2)}\n`, secrets: `${secrets.join('\n')}\n` };
}

function account(user: EndpointUser) {
  return { sipAddress: `sip:${user.address}`, userName: user.user, password: { env: variableOf(user) } };
}

function variableOf({ user }: EndpointUser): string {
  return `${user.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_PASSWORD`;
}
