import { auth } from './auth.js';
import { config } from './config.js';
import { dns } from './dns.js';
import { prober } from './prober.js';
import { sipMessage } from './sipMessage.js';
import { sipResponse } from './sipResponse.js';
import { tcp } from './tcp.js';
import { tlsCertificate } from './tlsCertificate.js';
import { tlsHandshake } from './tlsHandshake.js';

/** Every code that a result can carry, by layer. Codes are stable: alerts are built on them. */
export const catalogue = {
  ...config,
  ...dns,
  ...tcp,
  ...tlsHandshake,
  ...tlsCertificate,
  ...auth,
  ...sipMessage,
  ...sipResponse,
  ...prober,
} as const;
