import * as z from 'zod';
import { edgeSchema } from './edgeSchema.js';
import { expected } from './problems.js';
import { tlsVersions, transactionNames } from './settings.js';
import { dnsServerText, filePath, flag, fraction, host, name, oneOf, port, text, time, wholeNumber } from './values.js';

const dns = () =>
  z.strictObject({
    servers: z
      .array(dnsServerText())
      .default([])
      .describe("DNS servers to ask, as address or address:port; without any the system's."),
  });

const tls = () =>
  z.strictObject({
    caFile: filePath()
      .optional()
      .describe("PEM file of authorities to trust beside the system's, relative to this file."),
    minVersion: oneOf(tlsVersions).default('TLSv1.2').describe('The lowest version of TLS to accept.'),
  });

const maintenanceWindow = () =>
  z.strictObject({
    from: time().describe('Begin, ISO 8601 with its offset.'),
    to: time().describe('End, ISO 8601 with its offset.'),
    title: text(100).default('Maintenance').describe('What the status calls it.'),
    edge: name().optional().describe('Only this edge.'),
    transactions: z
      .array(oneOf(transactionNames))
      .min(1, { error: expected('at least one transaction') })
      .optional()
      .describe('Only these transactions.'),
  });

const publicDocuments = () =>
  z.strictObject({
    error: flag().default(false).describe("A run's error text; it names hosts and addresses."),
    serverDiagnosis: flag().default(false).describe('What the server said.'),
    observations: flag().default(false).describe('What a run saw: addresses, versions, certificates.'),
    targetFqdn: flag().default(false).describe('The host that was probed.'),
  });

const reference = () =>
  z.strictObject({
    host: host().describe('Host name or address.'),
    port: port().default(443).describe('TCP port.'),
  });

/** The whole of probes.json. */
export const fileSchema = z.strictObject({
  $schema: text(1000).optional().describe('Path of the JSON Schema, for editors.'),
  regions: z
    .array(name())
    .min(1, { error: expected('at least one region') })
    .optional()
    .describe('Where probers run; without it the own region alone.'),
  quorum: wholeNumber(1, 100)
    .optional()
    .describe('How many regions must see a failure before it is down; without it more than half.'),
  downAfterRuns: wholeNumber(1, 100).default(2).describe('How many runs in a row must fail in a region.'),
  objective: fraction().default(0.995).describe('The availability aimed at.'),
  retentionDays: wholeNumber(1, 3650).default(90).describe('How long results are kept.'),
  certificateWarningDays: wholeNumber(0, 365)
    .default(21)
    .describe('Warn when a certificate expires within these days.'),
  dns: dns().optional().describe('Which DNS servers are asked.'),
  tls: tls().optional().describe('Whom TLS trusts.'),
  edges: z
    .array(edgeSchema)
    .min(1, { error: expected('at least one edge') })
    .describe('What is monitored.'),
  maintenance: z.array(maintenanceWindow()).default([]).describe('Planned interruptions; they count as maintenance.'),
  public: publicDocuments().optional().describe('What public documents show beside states, times and codes.'),
  reference: reference()
    .optional()
    .describe('A neutral target that tells "no internet here" from "the Edge is gone"; off without it.'),
});

/** The file after the schema has filled its defaults. */
export type CheckedFile = z.output<typeof fileSchema>;
/** The file as it is written. */
export type WrittenFile = z.input<typeof fileSchema>;
