import type { Edge } from '../domain/edge.js';
import { dnsServer, isoTime } from './formats.js';
import type { CheckedFile } from './schema.js';
import type { AccountPair, AccountSettings, EdgeSettings, MaintenanceWindow, Settings } from './settings.js';
import { toTransactions } from './toTransactions.js';

export interface MappingOptions {
  /** Where the file is: relative paths in it are relative to this. */
  readonly path: string;
  readonly ownRegion: string | undefined;
  /** PEM text of `tls.caFile`. */
  readonly ca: string | undefined;
}

type EdgeInput = CheckedFile['edges'][number];
type PairInput = NonNullable<EdgeInput['accounts']>;

/** A file that passed every check, in the words of the program and with every default. */
export function toSettings(file: CheckedFile, options: MappingOptions): Settings {
  const onlyRegion = file.regions?.length === 1 ? file.regions[0] : undefined;
  const ownRegion = options.ownRegion ?? onlyRegion ?? 'local';
  const regions = file.regions ?? [ownRegion];
  return {
    regions,
    ownRegion,
    quorum: file.quorum ?? Math.floor(regions.length / 2) + 1,
    downAfterRuns: file.downAfterRuns,
    objective: file.objective,
    retentionDays: file.retentionDays,
    certificateWarningDays: file.certificateWarningDays,
    dnsServers: (file.dns?.servers ?? []).flatMap((text) => dnsServer(text) ?? []),
    tls: { ca: options.ca, minVersion: file.tls?.minVersion ?? 'TLSv1.2' },
    edges: file.edges.map((edge) => toEdgeSettings(edge, options.path)),
    maintenance: file.maintenance.map(toWindow),
    public: file.public ?? { error: false, serverDiagnosis: false, observations: false, targetFqdn: false },
    reference: file.reference,
  };
}

function toEdgeSettings(input: EdgeInput, configPath: string): EdgeSettings {
  const edge = toEdge(input);
  const byRegion = Object.entries(input.accountsByRegion ?? {});
  return {
    edge,
    accounts: toPair(input.accounts ?? {}, edge),
    accountsByRegion: Object.fromEntries(byRegion.map(([region, pair]) => [region, toPair(pair, edge)])),
    transactions: toTransactions(input.transactions, edge, configPath),
  };
}

function toEdge({ name, title, dialect, sipDomain, accessEdge, userAgent }: EdgeInput): Edge {
  return {
    name,
    title: title ?? name,
    dialect,
    sipDomain,
    accessEdge: accessEdge && {
      host: accessEdge.host,
      port: accessEdge.port ?? (dialect === 'lync' ? 443 : 5061),
      transport: accessEdge.transport,
      address: accessEdge.address,
    },
    userAgent,
  };
}

function toPair({ first, second }: PairInput, edge: Edge): AccountPair {
  return {
    ...(first && { first: toAccount(first, edge) }),
    ...(second && { second: toAccount(second, edge) }),
  };
}

function toAccount({ sipAddress, userName, password }: NonNullable<PairInput['first']>, edge: Edge): AccountSettings {
  const address = sipAddress.replace(/^sip:/i, '');
  const user = edge.dialect === 'lync' ? address : address.replace(/@.*$/, '');
  return { sipAddress, userName: userName ?? user, password };
}

function toWindow({ from, to, title, edge, transactions }: CheckedFile['maintenance'][number]): MaintenanceWindow {
  return { fromMs: isoTime(from) ?? 0, toMs: isoTime(to) ?? 0, title, edge, transactions };
}
