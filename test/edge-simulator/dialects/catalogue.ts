import type { SimulatedDialect } from './dialect.js';
import { lync } from './lync.js';
import { rfc } from './rfc.js';

/** The dialects the simulator speaks, by name; a new one is one more line. */
export const dialects = { lync, rfc } as const satisfies Record<string, SimulatedDialect>;
export type DialectName = keyof typeof dialects;

/** Is this a dialect the simulator speaks? */
export function isDialectName(text: string): text is DialectName {
  return Object.hasOwn(dialects, text);
}
