import { auth } from './auth.js';
import { config } from './config.js';
import { dns } from './dns.js';
import { prober } from './prober.js';
import { sip } from './sip.js';
import { tcp } from './tcp.js';
import { tls } from './tls.js';

/** Every code that a result can carry, by layer. Codes are stable: alerts are built on them. */
export const catalogue = { ...config, ...dns, ...tcp, ...tls, ...auth, ...sip, ...prober } as const;
