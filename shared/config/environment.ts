import { Secret } from '../domain/secret.js';
import { isHost, isLoopback } from './formats.js';
import type { ConfigProblem } from './problems.js';
import type { Variables } from './secrets.js';

/** What the environment says; everything else stands in probes.json. */
export interface Environment {
  readonly configPath: string;
  /** Did somebody choose `configPath`? Then its absence is an error, and no simulator takes its place. */
  readonly configChosen: boolean;
  readonly region: string | undefined;
  readonly storage: StorageAddress | undefined;
  /** Where results wait that cannot be stored; undefined where there is no such place. */
  readonly spool: SpoolAddress | undefined;
  readonly telemetry: Secret | undefined;
  /** How telemetry is sent as an identity: `Authorization=AAD`, perhaps with a client id. */
  readonly telemetryAuthentication: string | undefined;
  /** The name Azure gave the function app. */
  readonly siteName: string | undefined;
  /** 0 means any free port. */
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
}

/** Where results go: by the process's own identity (Azure), or by a connection string (Azurite). */
export type StorageAddress =
  | { readonly kind: 'identity'; readonly tableEndpoint: string; readonly blobEndpoint: string }
  | { readonly kind: 'connection-string'; readonly connectionString: Secret };

/** A folder that the local host gives, or the Functions host's own storage. */
export type SpoolAddress =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'identity'; readonly blobEndpoint: string; readonly clientId: string | undefined }
  | { readonly kind: 'connection-string'; readonly connectionString: Secret };

export type CheckedEnvironment =
  | { readonly environment: Environment; readonly problems?: undefined }
  | { readonly problems: readonly ConfigProblem[]; readonly environment?: undefined };

/** Reads the settings out of `env` (`process.env` of the entry point). An empty variable counts as not set. */
export function readEnvironment(env: Variables): CheckedEnvironment {
  const read = (name: string) => env[name]?.trim() || undefined;
  const problems: ConfigProblem[] = [];
  const note = (path: string, message: string | undefined) => message !== undefined && problems.push({ path, message });

  const telemetry = read('APPLICATIONINSIGHTS_CONNECTION_STRING');
  const region = regionOf(read);
  const storage = storageOf(read);
  const spool = spoolOf(read);
  const port = read('PORT') ?? '7071';
  const host = read('HOST') ?? '127.0.0.1';
  note(region.name, region.problem);
  note(storage.name, storage.problem);
  note(spool.name, spool.problem);
  note(
    'PORT',
    /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? undefined : 'expected a port from 1 to 65535, or 0 for any',
  );
  note('HOST', isHost(host) ? undefined : 'expected an address to listen on, such as 127.0.0.1');
  if (problems.length > 0) return { problems };

  return {
    environment: {
      configPath: read('EDGE_PROBES_CONFIG') ?? 'probes.json',
      configChosen: read('EDGE_PROBES_CONFIG') !== undefined,
      region: region.value,
      storage: storage.value,
      spool: spool.value,
      telemetry: telemetry === undefined ? undefined : new Secret(telemetry),
      telemetryAuthentication: read('APPLICATIONINSIGHTS_AUTHENTICATION_STRING'),
      siteName: read('WEBSITE_SITE_NAME'),
      port: Number(port),
      host,
      dataDir: read('DATA_DIR') ?? '.data',
    },
  };
}

type Read = (name: string) => string | undefined;
interface Part<Value> {
  readonly name: string;
  readonly value?: Value | undefined;
  readonly problem?: string | undefined;
}

/** PROBE_REGION as it stands; REGION_NAME, which Azure sets for people ("West Europe"), as `westeurope`. */
function regionOf(read: Read): Part<string> {
  const name = read('PROBE_REGION') === undefined ? 'REGION_NAME' : 'PROBE_REGION';
  const value = read('PROBE_REGION') ?? read('REGION_NAME')?.toLowerCase().replace(/[ ()]/g, '');
  if (value === undefined || /^[a-z][a-z0-9-]{0,30}$/.test(value)) return { name, value };
  return { name, problem: 'expected a region of 1 to 31 small letters, digits and hyphens, such as westeurope' };
}

function storageOf(read: Read): Part<StorageAddress> {
  const connection = read('RESULTS_CONNECTION_STRING');
  const [tableEndpoint, blobEndpoint] = [read('RESULTS_TABLE_ENDPOINT'), read('RESULTS_BLOB_ENDPOINT')];
  const hasEndpoint = tableEndpoint !== undefined || blobEndpoint !== undefined;
  if (connection !== undefined) {
    const name = 'RESULTS_CONNECTION_STRING';
    if (hasEndpoint)
      return {
        name,
        problem: 'stands beside RESULTS_TABLE_ENDPOINT or RESULTS_BLOB_ENDPOINT; expected one or the other',
      };
    if (!isConnectionString(connection, 'Table')) return { name, problem: connectionStringExpected };
    return { name, value: { kind: 'connection-string', connectionString: new Secret(connection) } };
  }
  if (!hasEndpoint) return { name: 'RESULTS_TABLE_ENDPOINT' };
  if (!isEndpoint(tableEndpoint)) return { name: 'RESULTS_TABLE_ENDPOINT', problem: endpointExpected('table') };
  if (!isEndpoint(blobEndpoint)) return { name: 'RESULTS_BLOB_ENDPOINT', problem: endpointExpected('blob') };
  return { name: 'RESULTS_TABLE_ENDPOINT', value: { kind: 'identity', tableEndpoint, blobEndpoint } };
}

/** The variables are those of the Functions host, by connection string or by identity. */
function spoolOf(read: Read): Part<SpoolAddress> {
  const path = read('EDGE_PROBES_SPOOL_DIR');
  if (path !== undefined) return { name: 'EDGE_PROBES_SPOOL_DIR', value: { kind: 'folder', path } };
  const [name, connection] = ['AzureWebJobsStorage', read('AzureWebJobsStorage')];
  if (connection !== undefined) {
    if (!isConnectionString(connection, 'Blob')) return { name, problem: connectionStringExpected };
    return { name, value: { kind: 'connection-string', connectionString: new Secret(connection) } };
  }
  const clientId = read(`${name}__clientId`);
  const uri = read(`${name}__blobServiceUri`);
  if (uri !== undefined) {
    if (!isEndpoint(uri)) return { name: `${name}__blobServiceUri`, problem: endpointExpected('blob') };
    return { name, value: { kind: 'identity', blobEndpoint: uri, clientId } };
  }
  const account = read(`${name}__accountName`);
  if (account === undefined) return { name };
  const problem = 'expected the name of a storage account, 3 to 24 small letters and digits';
  if (!/^[a-z0-9]{3,24}$/.test(account)) return { name: `${name}__accountName`, problem };
  return { name, value: { kind: 'identity', blobEndpoint: `https://${account}.blob.core.windows.net`, clientId } };
}

const connectionStringExpected = 'expected a storage connection string (AccountName=...;AccountKey=...)';

function isConnectionString(text: string, service: 'Table' | 'Blob'): boolean {
  return new RegExp(`(?:^|;)(?:UseDevelopmentStorage=true|AccountName=|${service}Endpoint=)`, 'i').test(text);
}

/** A token of our identity goes there: https, or this machine. A shared access signature in it would be a secret in a plain setting. */
function isEndpoint(text: string | undefined): text is string {
  if (text === undefined || !URL.canParse(text)) return false;
  const { protocol, hostname, username, search } = new URL(text);
  const safe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')));
  return safe && username === '' && search === '';
}

function endpointExpected(service: 'table' | 'blob'): string {
  return `expected an https address without a signature, such as https://results.${service}.core.windows.net`;
}
