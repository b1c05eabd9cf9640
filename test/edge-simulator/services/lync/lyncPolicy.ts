/** How the simulated front end authenticates and signs; faults change it while the simulator runs. */
export interface LyncPolicy {
  readonly offers: readonly ('NTLM' | 'Kerberos' | 'TLS-DSK' | 'Digest')[];
  /** The version of signatures that is offered. */
  readonly version: 2 | 3 | 4;
  readonly challenge: ChallengeForm;
  readonly signature: SignatureForm;
  /** The same of everything but answers to REGISTER; undefined: as there. */
  readonly laterSignature: SignatureForm | undefined;
  /** The same of requests to clients; undefined: as of everything but answers to REGISTER. */
  readonly requestSignature: SignatureForm | undefined;
  /** Whether sign-ins are forgotten before a request that relies on them: the first over each connection, or every one. */
  readonly forgets: 'never' | 'once' | 'always';
  /** Whether another endpoint publishes before a client does: before the first publication of each endpoint, or every one. */
  readonly overtakes: 'never' | 'once' | 'always';
  /** Right credentials are refused because the clocks differ. */
  readonly clockDiffersMs: number;
  /** What is wrong with the account that signs in; it is found out after the password was checked. */
  readonly refusal: Refusal | undefined;
}

/** What is right or wrong with the server's half of the NTLM exchange. */
export type ChallengeForm = 'right' | 'garbage' | 'truncated' | 'oversized' | 'overlapping' | 'weak';

/** What is right or wrong with a signature of the server; `other-association`: it names another than was agreed on. */
export type SignatureForm = 'right' | 'wrong' | 'missing' | 'replayed' | 'swapped' | 'other-association';

/** A final answer to REGISTER with what ms-diagnostics says about it. */
export interface Refusal {
  readonly status: number;
  readonly reasonPhrase: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** Without faults: NTLM and TLS-DSK, as an Access Edge offers them from outside. */
export const usualLyncPolicy: LyncPolicy = {
  offers: ['NTLM', 'TLS-DSK'],
  version: 4,
  challenge: 'right',
  signature: 'right',
  laterSignature: undefined,
  requestSignature: undefined,
  forgets: 'never',
  overtakes: 'never',
  clockDiffersMs: 0,
  refusal: undefined,
};
