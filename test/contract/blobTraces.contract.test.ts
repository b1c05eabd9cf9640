import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../shared/domain/secret.js';
import { BlobTraces } from '../../shared/store/blobTraces.js';
import { type Azurite, startAzurite } from './azurite.js';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite({ service: 'blob' });
});
afterAll(() => azurite.stop());

const runId = 'contoso.registration.westeurope.20261120T231500Z';

function traces(connectionString = azurite.connectionString, deadlineMs?: number): Promise<BlobTraces> {
  return BlobTraces.open({ kind: 'connection-string', connectionString: new Secret(connectionString) }, deadlineMs);
}

async function kept(): Promise<string> {
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('runs');
  return (await container.getBlobClient(`20261120/${runId}.trace.txt`).downloadToBuffer()).toString('utf8');
}

describe('the trace of a failed run', () => {
  test('is kept under its day and run, in a container that is made when it is needed', async () => {
    await (await traces()).keep('20261120', runId, '>>> REGISTER größe\n');

    expect(await kept()).toBe('>>> REGISTER größe\n');
  });

  test('is kept once, however often the same run is kept', async () => {
    await (await traces()).keep('20261120', runId, 'first');
    await (await traces()).keep('20261120', runId, 'second');

    expect(await kept()).toBe('second');
  });

  test('that cannot be kept is a StoreError that names the run and no key', async () => {
    const nowhere = azurite.connectionString.replace(`:${azurite.port}/`, ':9/');
    const failing = (await traces(nowhere, 500)).keep('20261120', runId, 'text');

    await expect(failing).rejects.toThrow(`runs: trace of ${runId} not kept`);
    await expect(failing).rejects.not.toThrow(/AccountKey|Eby8/);
  });

  test('has no place in an account without a blob service', async () => {
    await expect(traces('TableEndpoint=http://127.0.0.1:9/a')).rejects.toThrow(
      'RESULTS_CONNECTION_STRING is not a storage connection string with a blob service',
    );
  });
});
