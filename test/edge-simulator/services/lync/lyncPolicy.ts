/** How the simulated front end authenticates and signs; faults change it while the simulator runs. */
export interface LyncPolicy {
  readonly offers: readonly ('NTLM' | 'Kerberos' | 'TLS-DSK' | 'Digest')[];
  /** The version of signatures that is offered. */
  readonly version: 2 | 3 | 4;
  readonly challenge: ChallengeForm;
  readonly signature: 'right' | 'wrong' | 'missing' | 'replayed';
  /** A signed answer names another association than the one that was agreed on. */
  readonly opaqueChanges: boolean;
  /** Right credentials are refused because the clocks differ. */
  readonly clockDiffersMs: number;
  /** What is wrong with the account that signs in; it is found out after the password was checked. */
  readonly refusal: Refusal | undefined;
}

/** What is right or wrong with the server's half of the NTLM exchange. */
export type ChallengeForm = 'right' | 'garbage' | 'truncated' | 'oversized' | 'overlapping' | 'weak';

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
  opaqueChanges: false,
  clockDiffersMs: 0,
  refusal: undefined,
};
