import type { CatalogueEntry } from '../diagnosis.js';

export const auth = {
  AUTH_CREDENTIALS_REJECTED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server refused the test account.',
    causes: [],
    next: [],
  },
  AUTH_SCHEME_UNSUPPORTED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server offers only authentication schemes that the prober does not speak.',
    causes: [],
    next: [],
  },
  AUTH_ALGORITHM_UNSUPPORTED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server demands a digest algorithm or protection that the prober does not speak.',
    causes: [],
    next: [],
  },
  AUTH_CHALLENGE_MALFORMED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server asked for authentication in a way that cannot be understood.',
    causes: [],
    next: [],
  },
  AUTH_CHALLENGE_LOOP: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server kept asking for authentication again.',
    causes: [],
    next: [],
  },
  AUTH_SERVER_PROOF_WRONG: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server could not prove that it knows the account.',
    causes: [],
    next: [],
  },
  AUTH_NOT_DEMANDED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server signed the test account in without asking for its password.',
    causes: [],
    next: [],
    degrades: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
