import { Secret } from '../../shared/domain/secret.js';
import { TableAccountLease } from '../../shared/store/tableAccountLease.js';
import { tableClients } from '../../shared/store/tableClients.js';

// A prober in the middle of its run: it takes the account, says so, and goes on until it is killed.
const connectionString = new Secret(process.env.RESULTS_CONNECTION_STRING ?? '');
const lease = new TableAccountLease(tableClients({ connectionString }));

lease
  .acquire({
    edge: 'contoso',
    accounts: ['sip:pilar@contoso.example'],
    holder: 'the one that is killed',
    by: 'presence from eastus',
    at: '2026-11-20T23:15:00.000Z',
    forMs: 3_000,
    mayTry: async () => false,
  })
  .then(({ kind }) => console.log(kind));
setInterval(() => {}, 1_000);
