import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../../../shared/config/environment.js';

test('an empty environment has the defaults of a local host', () => {
  expect(readEnvironment({ PORT: '', PROBE_REGION: ' ' })).toEqual({
    environment: {
      configPath: 'probes.json',
      configChosen: false,
      region: undefined,
      storage: undefined,
      spool: undefined,
      telemetry: undefined,
      port: 7071,
      host: '127.0.0.1',
      dataDir: '.data',
    },
  });
});

test('everything that is set is read, and what is secret shows itself to nobody', () => {
  const { environment } = readEnvironment({
    EDGE_PROBES_CONFIG: 'lab/probes.json',
    PROBE_REGION: 'eastus',
    REGION_NAME: 'West Europe',
    RESULTS_CONNECTION_STRING: 'AccountName=devstoreaccount1;AccountKey=c2VjcmV0;',
    APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=c2VjcmV0',
    PORT: '0',
    HOST: '::1',
    DATA_DIR: '/var/lib/probes',
  });

  expect(environment).toMatchObject({
    configPath: 'lab/probes.json',
    configChosen: true,
    region: 'eastus',
    port: 0,
    host: '::1',
    dataDir: '/var/lib/probes',
  });
  expect(environment?.storage?.kind === 'connection-string' && environment.storage.connectionString.reveal()).toBe(
    'AccountName=devstoreaccount1;AccountKey=c2VjcmV0;',
  );
  expect(environment?.telemetry?.reveal()).toBe('InstrumentationKey=c2VjcmV0');
  expect(JSON.stringify(environment)).not.toContain('c2VjcmV0');
});

test("Azure's display name of a region is read as the region's name", () => {
  expect(readEnvironment({ REGION_NAME: 'West Europe' }).environment?.region).toBe('westeurope');
});

test('endpoints are read for the own identity, http only on this machine', () => {
  const azure = {
    RESULTS_TABLE_ENDPOINT: 'https://results.table.core.windows.net',
    RESULTS_BLOB_ENDPOINT: 'https://results.blob.core.windows.net',
  };
  const local = {
    RESULTS_TABLE_ENDPOINT: 'http://127.0.0.1:10002/dev',
    RESULTS_BLOB_ENDPOINT: 'http://[::1]:10000/dev',
  };

  expect(readEnvironment(azure).environment?.storage).toEqual({
    kind: 'identity',
    tableEndpoint: 'https://results.table.core.windows.net',
    blobEndpoint: 'https://results.blob.core.windows.net',
  });
  expect(readEnvironment(local).environment?.storage).toMatchObject({ tableEndpoint: 'http://127.0.0.1:10002/dev' });
});

describe('results that cannot be stored wait', () => {
  const connection = 'DefaultEndpointsProtocol=https;AccountName=host;AccountKey=c2VjcmV0';

  test("in the Functions host's own storage, by connection string", () => {
    const { environment } = readEnvironment({ AzureWebJobsStorage: connection });

    expect(environment?.spool?.kind === 'connection-string' && environment.spool.connectionString.reveal()).toBe(
      connection,
    );
    expect(JSON.stringify(environment)).not.toContain('c2VjcmV0');
  });

  test('there by identity, of the app or one that was assigned to it', () => {
    const named = readEnvironment({ AzureWebJobsStorage__accountName: 'hostweu', AzureWebJobsStorage__clientId: 'id' });
    const addressed = readEnvironment({ AzureWebJobsStorage__blobServiceUri: 'https://host.blob.core.cloudapi.de' });

    expect(named.environment?.spool).toEqual({
      kind: 'identity',
      blobEndpoint: 'https://hostweu.blob.core.windows.net',
      clientId: 'id',
    });
    expect(addressed.environment?.spool).toEqual({
      kind: 'identity',
      blobEndpoint: 'https://host.blob.core.cloudapi.de',
      clientId: undefined,
    });
  });

  test('in the folder that a local host names, whatever else is set', () => {
    const { environment } = readEnvironment({ EDGE_PROBES_SPOOL_DIR: '.data/spool', AzureWebJobsStorage: connection });

    expect(environment?.spool).toEqual({ kind: 'folder', path: '.data/spool' });
  });
});

const table = 'expected an https address without a signature, such as https://results.table.core.windows.net';
const blob = 'expected an https address without a signature, such as https://results.blob.core.windows.net';

describe('one wrong setting has one message', () => {
  test.each([
    [{ PORT: '70000' }, 'PORT', 'expected a port from 1 to 65535, or 0 for any'],
    [{ PORT: '7071a' }, 'PORT', 'expected a port from 1 to 65535, or 0 for any'],
    [{ HOST: 'http://127.0.0.1' }, 'HOST', 'expected an address to listen on, such as 127.0.0.1'],
    [
      { PROBE_REGION: 'West Europe' },
      'PROBE_REGION',
      'expected a region of 1 to 31 small letters, digits and hyphens, such as westeurope',
    ],
    [
      { REGION_NAME: 'Île-de-France' },
      'REGION_NAME',
      'expected a region of 1 to 31 small letters, digits and hyphens, such as westeurope',
    ],
    [{ RESULTS_TABLE_ENDPOINT: 'http://results.table.core.windows.net' }, 'RESULTS_TABLE_ENDPOINT', table],
    [
      { RESULTS_TABLE_ENDPOINT: 'https://r.table.core.windows.net/?sv=1&sig=c2VjcmV0' },
      'RESULTS_TABLE_ENDPOINT',
      table,
    ],
    [{ RESULTS_TABLE_ENDPOINT: 'https://r.table.core.windows.net' }, 'RESULTS_BLOB_ENDPOINT', blob],
    [{ RESULTS_BLOB_ENDPOINT: 'https://r.blob.core.windows.net' }, 'RESULTS_TABLE_ENDPOINT', table],
    [
      { RESULTS_CONNECTION_STRING: 'c2VjcmV0' },
      'RESULTS_CONNECTION_STRING',
      'expected a storage connection string (AccountName=...;AccountKey=...)',
    ],
    [
      {
        RESULTS_CONNECTION_STRING: 'UseDevelopmentStorage=true',
        RESULTS_TABLE_ENDPOINT: 'https://r.table.core.windows.net',
      },
      'RESULTS_CONNECTION_STRING',
      'stands beside RESULTS_TABLE_ENDPOINT or RESULTS_BLOB_ENDPOINT; expected one or the other',
    ],
    [
      { AzureWebJobsStorage: 'c2VjcmV0' },
      'AzureWebJobsStorage',
      'expected a storage connection string (AccountName=...;AccountKey=...)',
    ],
    [
      { AzureWebJobsStorage__blobServiceUri: 'https://h.blob.core.windows.net/?sig=c2VjcmV0' },
      'AzureWebJobsStorage__blobServiceUri',
      blob,
    ],
    [
      { AzureWebJobsStorage__accountName: 'https://host.blob.core.windows.net' },
      'AzureWebJobsStorage__accountName',
      'expected the name of a storage account, 3 to 24 small letters and digits',
    ],
  ])('%j', (env, path, message) => {
    expect(readEnvironment(env)).toEqual({ problems: [{ path, message }] });
  });

  test('several wrong settings are told at once', () => {
    const { problems } = readEnvironment({ PORT: 'x', HOST: ' a b ', PROBE_REGION: '1' });

    expect(problems?.map(({ path }) => path)).toEqual(['PROBE_REGION', 'PORT', 'HOST']);
  });
});
