import { auth } from './auth.js';
import { config } from './config.js';
import { dns } from './dns.js';
import { im } from './im.js';
import { lyncFederation } from './lyncFederation.js';
import { lyncNtlm } from './lyncNtlm.js';
import { lyncRouting } from './lyncRouting.js';
import { lyncSignature } from './lyncSignature.js';
import { lyncSignIn } from './lyncSignIn.js';
import { presence } from './presence.js';
import { presenceRequest } from './presenceRequest.js';
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
  ...lyncSignIn,
  ...lyncNtlm,
  ...lyncSignature,
  ...sipMessage,
  ...sipResponse,
  ...lyncRouting,
  ...lyncFederation,
  ...presenceRequest,
  ...presence,
  ...im,
  ...prober,
} as const;
