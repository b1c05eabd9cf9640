import type { EdgeSimulator } from '../startEdgeSimulator.js';

/** A file for `--out`; `secret` ones are readable by their owner alone. */
export interface OutputFile {
  readonly name: string;
  readonly text: string;
  readonly secret: boolean;
}

const often = { schedule: '*/10 * * * * *' };
/** What there is to see of each dialect. They share the accounts; the prober staggers them inside the ten seconds. */
const transactions: Readonly<Record<Described['dialect'], object>> = {
  rfc: { registration: often, presence: often, im: often },
  lync: { registration: often },
};

type Described = Pick<EdgeSimulator, 'dialect' | 'address' | 'port' | 'transport' | 'host' | 'domain' | 'users' | 'ca'>;

/** The file whose appearance says that the simulator listens. */
export const secretsFile = 'secrets.env';

/** The three files that let any edge-probes command work against the simulator; the secrets come last and say that it listens. */
export function outputFiles(simulator: Described): readonly OutputFile[] {
  const { pilar, kenmyer } = simulator.users;
  const secrets = [
    ['PILAR_PASSWORD', pilar.password.reveal()],
    ['KENMYER_PASSWORD', kenmyer.password.reveal()],
  ];
  return [
    { name: 'probes.json', text: `${JSON.stringify(probesDocument(simulator), null, 2)}\n`, secret: false },
    { name: 'ca.pem', text: `${simulator.ca.trimEnd()}\n`, secret: false },
    { name: secretsFile, text: secrets.map(([name, value]) => `${name}='${value}'\n`).join(''), secret: true },
  ];
}

function probesDocument({ dialect, address, port, transport, host, domain, users }: Described): object {
  const account = (user: Described['users']['pilar'], variable: string): object => ({
    sipAddress: user.sipAddress,
    userName: user.userName,
    password: { env: variable },
  });
  return {
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
        transactions: transactions[dialect],
      },
    ],
  };
}
