import { describe, expect, test } from 'vitest';
import { Secret } from '../../shared/domain/secret.js';
import { StoreError } from '../../shared/store/resultStore.js';
import { tableClients } from '../../shared/store/tableClients.js';

const key = 'c2VjcmV0LWtleQ==';

describe('clients for Table Storage', () => {
  test('are made from the connection string of an emulator on loopback', async () => {
    const endpoint = 'http://127.0.0.1:10002/devstoreaccount1';
    const clients = open(
      `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${key};TableEndpoint=${endpoint};`,
    );

    const table = await clients.table('EdgeState');

    expect(table.tableName).toBe('EdgeState');
    expect(table.url).toBe(endpoint);
    expect(await clients.table('EdgeState')).toBe(table);
  });

  test('are made from an account in Azure, by key or by identity', async () => {
    const byKey = open(
      `DefaultEndpointsProtocol=https;AccountName=probes;AccountKey=${key};EndpointSuffix=core.windows.net`,
    );
    const byIdentity = tableClients({ endpoint: 'https://probes.table.core.windows.net' });

    expect((await byKey.table('EdgeState')).url).toBe('https://probes.table.core.windows.net');
    expect((await byIdentity.table('EdgeState')).url).toBe('https://probes.table.core.windows.net');
  });

  test.each([
    '',
    'nonsense',
    'AccountKey=c2VjcmV0LWtleQ==',
    `DefaultEndpointsProtocol=https;AccountKey=${key};TableEndpoint=x`,
  ])(
    'are refused for the connection string "%s", with the form that was expected and without the key',
    (connectionString) => {
      const refused = thrownBy(() => open(connectionString));

      expect(refused).toEqual(
        new StoreError(
          'RESULTS_CONNECTION_STRING is not a storage connection string, expected DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…;TableEndpoint=…',
        ),
      );
      expect(String(refused)).not.toContain(key);
    },
  );

  test('are refused for plain HTTP to another machine: the key signs what everyone could read', () => {
    const refused = thrownBy(() =>
      open(
        `DefaultEndpointsProtocol=http;AccountName=probes;AccountKey=${key};TableEndpoint=http://192.0.2.1:10002/probes`,
      ),
    );

    expect(refused).toEqual(
      new StoreError('RESULTS_CONNECTION_STRING names http://192.0.2.1:10002, expected https: or a loopback address'),
    );
  });

  test.each(['', 'probes', 'http://probes.table.core.windows.net'])('are refused for the endpoint "%s"', (endpoint) => {
    expect(() => tableClients({ endpoint })).toThrow(
      new StoreError(`RESULTS_TABLE_ENDPOINT is "${endpoint}", expected https://<account>.table.core.windows.net`),
    );
  });
});

function open(connectionString: string) {
  return tableClients({ connectionString: new Secret(connectionString) });
}

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
