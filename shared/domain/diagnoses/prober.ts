import type { CatalogueEntry } from '../diagnosis.js';

export const prober = {
  PROBER_UNEXPECTED_ERROR: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The prober itself failed.',
    causes: [],
    next: [],
  },
  PROBER_STEP_UNSETTLED: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'A step of the prober did not end when its time was up.',
    causes: [],
    next: [],
  },
  PROBER_EVENT_LOOP_STARVED: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The machine of the prober was too busy to measure.',
    causes: [],
    next: [],
  },
  PROBER_SOCKETS_EXHAUSTED: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The machine of the prober has no socket or local port left.',
    causes: [],
    next: [],
  },
  PROBER_RUN_ABORTED: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The prober was stopped while the transaction ran.',
    causes: [],
    next: [],
  },
} as const satisfies Record<string, CatalogueEntry>;
