import type { CatalogueEntry } from '../diagnosis.js';

export const tcp = {
  TCP_CONNECTION_REFUSED: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The server refused the connection.',
    causes: [],
    next: [],
  },
  TCP_CONNECT_TIMEOUT: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The server did not answer the attempt to connect.',
    causes: [],
    next: [],
  },
  TCP_HOST_UNREACHABLE: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The network says that the server cannot be reached.',
    causes: [],
    next: [],
  },
  TCP_CONNECT_FAILED: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The connection to the server failed.',
    causes: [],
    next: [],
  },
  TCP_NO_ROUTE: {
    layer: 'tcp',
    fault: 'prober',
    meaning: 'The prober has no route to the address family of the server.',
    causes: [],
    next: [],
  },
  TCP_ADDRESS_UNREACHABLE: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'One of the addresses of the server did not take a connection; another one did.',
    causes: [],
    next: [],
    degrades: false,
  },
  TCP_TARGET_UNREACHABLE: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The preferred server did not take a connection; a less preferred one did.',
    causes: [],
    next: [],
    degrades: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
