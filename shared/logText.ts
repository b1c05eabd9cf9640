import type { TransactionResult } from './domain/result.js';

/** `contoso/registration  success  41 ms`, and on trouble the code and the error. */
export function summary({ edge, transaction, outcome, latencyMs, diagnosis }: TransactionResult): string {
  const line = `${edge}/${transaction}  ${outcome}  ${Math.round(latencyMs)} ms`;
  return diagnosis ? `${line}  ${diagnosis.code}: ${diagnosis.error}` : line;
}

/** Trouble with the storage is told in a line; anything else is a defect, and its stack says where. */
export function troubleText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== 'StoreError') return error.stack ?? error.message;
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
