import * as z from 'zod';
import { dialects } from '../domain/edge.js';
import { transactionsSchema } from './transactionSchemas.js';
import { address, domain, flag, host, name, oneOf, port, secretReference, sipAddress, text } from './values.js';

const account = () =>
  z.strictObject({
    sipAddress: sipAddress().describe('Address of the test account, such as sip:pilar@contoso.com.'),
    userName: text(256)
      .optional()
      .describe('What the server authenticates; without it user@domain (lync) or user (rfc) of the address.'),
    password: secretReference().describe('Where its password is found: the name of an environment variable.'),
  });

const accountPair = () =>
  z.strictObject({
    first: account().optional().describe('The account that signs in, sends and publishes.'),
    second: account().optional().describe('The account that receives and watches.'),
  });

const accessEdge = () =>
  z.strictObject({
    host: host().describe('Name of the Access Edge: asked for in TLS and expected in its certificate.'),
    port: port().optional().describe('Default 443 (lync) or 5061 (rfc).'),
    transport: oneOf(['tls', 'tcp']).default('tls').describe('tcp is for a lab: nothing is encrypted.'),
    address: address().optional().describe('Connect here, while host still names the server.'),
    allowPlainText: flag()
      .default(false)
      .describe('Allows test accounts over tcp to an address that is not of this machine.'),
  });

/** One element of `edges`. */
export const edgeSchema = z.strictObject({
  name: name().describe('Its name in results, function names and addresses. Keep it: history is filed under it.'),
  title: text(100).optional().describe('What the status calls it; without it the name.'),
  dialect: oneOf(dialects)
    .default('lync')
    .describe('lync: Lync Server, Skype for Business Server; rfc: SIP and XMPP by their RFCs.'),
  sipDomain: domain().describe('Its SIP domain.'),
  accessEdge: accessEdge().optional().describe('Where the Access Edge is; without it found in DNS as a client does.'),
  userAgent: text(200).optional().describe('User-Agent header field to send.'),
  accounts: accountPair().optional().describe('The test accounts, used by one run at a time.'),
  accountsByRegion: z
    .record(z.string(), accountPair())
    .optional()
    .describe("A region's own pair of test accounts, under the region's name; it takes the place of accounts."),
  transactions: transactionsSchema
    .refine((value) => Object.keys(value).length > 0, { error: 'names none; expected at least one transaction' })
    .describe('The synthetic transactions to run; one that is absent does not run.'),
});
