/**
 * How sure the meaning of a number is: from Microsoft's published tables, seen in public traces or known to an independent
 * client, or from memory without a source that confirms it.
 */
export type Certainty = 'published' | 'observed' | 'unconfirmed';

/** One number of ms-diagnostics: its meaning in our words, and what it points to for a run, where that says more. */
export type Row = readonly [id: number, certainty: Certainty, meaning: string, cause?: string];
