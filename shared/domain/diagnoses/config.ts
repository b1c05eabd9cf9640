import type { CatalogueEntry } from '../diagnosis.js';

export const config = {
  CONFIG_SECRET_MISSING: {
    layer: 'config',
    fault: 'prober',
    meaning: 'A secret that this transaction needs is not set where the prober runs.',
    causes: [],
    next: [],
  },
} as const satisfies Record<string, CatalogueEntry>;
