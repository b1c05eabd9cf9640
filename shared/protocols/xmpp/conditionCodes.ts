import type { DiagnosisCode } from '../../domain/diagnosis.js';

/** Codes by the name of a condition. */
export type ConditionCodes = Readonly<Record<string, DiagnosisCode>>;

/** The code of a condition, a name that the peer chose: `constructor` is none. */
export function codeOf(codes: ConditionCodes, condition: string): DiagnosisCode | undefined {
  return Object.hasOwn(codes, condition) ? codes[condition] : undefined;
}
