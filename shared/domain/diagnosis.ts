import { catalogue } from './diagnoses/catalogue.js';
import { printable } from './text.js';

/** The layer a diagnosis belongs to, from the configuration up to the application. */
export const layers = [
  'config',
  'dns',
  'tcp',
  'tls',
  'auth',
  'sip',
  'presence',
  'im',
  'chat',
  'xmpp',
  'turn',
  'push',
  'federation',
  'prober',
] as const;
export type Layer = (typeof layers)[number];

/** Whose fault: `target` makes a run a failure, `prober` makes it inconclusive. */
export type Fault = 'target' | 'prober';

/** What the catalogue knows about a code, apart from any single run. */
export interface CatalogueEntry {
  readonly layer: Layer;
  readonly fault: Fault;
  /** One sentence a status-page reader understands; names no host, user or address. */
  readonly meaning: string;
  /** Likely causes, the likeliest first. */
  readonly causes: readonly string[];
  /** What to do next, in order; commands as an administrator would paste them. */
  readonly next: readonly string[];
  /** Present on a warning's code: does the warning make the state `degraded`? */
  readonly degrades?: boolean;
}

export type DiagnosisCode = keyof typeof catalogue;

/** The codes that may stand in `warnings`: those whose entry says whether it degrades. */
export type WarningCode = {
  [Code in DiagnosisCode]: (typeof catalogue)[Code] extends { readonly degrades: boolean } ? Code : never;
}[DiagnosisCode];

/** What went wrong in one run. */
export interface Diagnosis {
  readonly code: DiagnosisCode;
  readonly layer: Layer;
  readonly fault: Fault;
  /** The step it went wrong in; absent when no step had begun. */
  readonly step?: string;
  /** One sentence: who did what, what was expected, the numbers. */
  readonly error: string;
  /** What the server said about it, in its own words. */
  readonly serverDiagnosis?: string;
  readonly causes: readonly string[];
  readonly next: readonly string[];
}

export interface DiagnosisDetails {
  readonly error: string;
  readonly serverDiagnosis?: string | undefined;
}

/** A diagnosis of `code` with this run's facts; causes and next steps come from the catalogue. */
export function diagnosis(code: DiagnosisCode, details: DiagnosisDetails): Diagnosis {
  const entry: CatalogueEntry = catalogue[code];
  const said = details.serverDiagnosis === undefined ? '' : printable(details.serverDiagnosis);
  return {
    code,
    layer: entry.layer,
    fault: entry.fault,
    error: printable(details.error),
    ...(said === '' ? {} : { serverDiagnosis: said }),
    causes: entry.causes,
    next: entry.next,
  };
}

/** How a step says that it failed. The runner alone catches it. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly diagnosis: Diagnosis;

  constructor(found: Diagnosis, options?: ErrorOptions) {
    super(`${found.code}: ${found.error}`, options);
    this.diagnosis = found;
  }
}

/** Throws the diagnosis of `code`: short for `throw new ProbeError(diagnosis(...), { cause })`. */
export function fail(code: DiagnosisCode, details: DiagnosisDetails, cause?: unknown): never {
  throw new ProbeError(diagnosis(code, details), cause === undefined ? undefined : { cause });
}

/** The catalogue's entry for a code. */
export function entryOf(code: DiagnosisCode): CatalogueEntry {
  return catalogue[code];
}
