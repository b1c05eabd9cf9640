import type { EdgeSimulator } from '../startEdgeSimulator.js';

/** A file for `--out`; `secret` ones are readable by their owner alone. */
export interface OutputFile {
  readonly name: string;
  readonly text: string;
  readonly secret: boolean;
}

const often = { schedule: '*/10 * * * * *' };
const talks = { registration: often, presence: often, im: often };
/** What there is to see of each dialect. They share the accounts; the prober staggers them inside the ten seconds. */
const transactions: Readonly<Record<Described['dialect'], object>> = {
  rfc: talks,
  lync: { ...talks, 'persistent-chat': { ...often, room: 'Probe room' }, 'push-notification': often, 'av-edge': often },
};

type Described = Pick<
  EdgeSimulator,
  'dialect' | 'address' | 'port' | 'transport' | 'host' | 'domain' | 'users' | 'ca' | 'dnsServer' | 'partner' | 'xmpp'
>;

/** What the probes show where the simulated edge asks them for a certificate. */
const clientCertificate = { certFile: 'partner.pem', keyFile: 'partner-key.pem' };

/** The file whose appearance says that the simulator listens. */
export const secretsFile = 'secrets.env';

/** The files that let any edge-probes command work against the simulator; the secrets come last and say that it listens. */
export function outputFiles(simulator: Described): readonly OutputFile[] {
  const { pilar, kenmyer } = simulator.users;
  const { certificate } = simulator.partner;
  const secrets = [
    ['PILAR_PASSWORD', pilar.password.reveal()],
    ['KENMYER_PASSWORD', kenmyer.password.reveal()],
    ...(simulator.xmpp ? [['ADELANEY_PASSWORD', simulator.xmpp.users.adelaney.password.reveal()]] : []),
  ];
  return [
    { name: 'probes.json', text: `${JSON.stringify(probesDocument(simulator), null, 2)}\n`, secret: false },
    { name: 'ca.pem', text: `${simulator.ca.trimEnd()}\n`, secret: false },
    { name: clientCertificate.certFile, text: `${certificate.cert.trimEnd()}\n`, secret: false },
    { name: clientCertificate.keyFile, text: `${certificate.key.trimEnd()}\n`, secret: true },
    { name: secretsFile, text: secrets.map(([name, value]) => `${name}='${value}'\n`).join(''), secret: true },
  ];
}

function probesDocument(simulator: Described): object {
  const { dialect, address, port, transport, host, domain, users, partner, xmpp } = simulator;
  const federation = { ...often, partners: [partner.domain], clientCertificate };
  const account = (user: Described['users']['pilar'], variable: string): object => ({
    sipAddress: user.sipAddress,
    userName: user.userName,
    password: { env: variable },
  });
  return {
    dns: { servers: [simulator.dnsServer] },
    tls: { caFile: 'ca.pem' },
    edges: [
      {
        name: 'demo',
        title: 'Demo Edge',
        dialect,
        sipDomain: domain,
        accessEdge: { host, address, port, transport },
        accounts: {
          first: account(users.pilar, 'PILAR_PASSWORD'),
          second: account(users.kenmyer, 'KENMYER_PASSWORD'),
        },
        transactions: { ...transactions[dialect], 'sip-federation': federation, ...(xmpp && overXmpp(xmpp)) },
      },
    ],
  };
}

function overXmpp({ users, federation }: NonNullable<Described['xmpp']>): object {
  const { active, standby, port } = federation;
  return {
    'xmpp-im': { ...often, receiver: { jid: users.adelaney.jid, password: { env: 'ADELANEY_PASSWORD' } } },
    'xmpp-federation': { ...often, expectActive: active, expectStandby: standby === undefined ? [] : [standby], port },
  };
}
