import { childrenOf, type DocumentFlaw, numberOf, readDocument } from './document.js';
import type { VersionedSlot } from './publishDocument.js';

/** What a server says about the user's own categories. */
export type RoamingReading =
  | {
      readonly kind: 'own-categories';
      readonly slots: readonly VersionedSlot[];
      /** Names of categories of which nothing is left. */
      readonly gone: readonly string[];
    }
  | DocumentFlaw;

/** All of an account's categories come in one document, with a card and a calendar for each container. */
const bounds = { longest: 262_144, limits: { depth: 32, elements: 10_000, attributes: 50 } } as const;

/** Reads `roamingData` (MS-PRES 2.2.2.1), of a notification or of the answer to a publication. Never throws. */
export function readRoamingData(text: string): RoamingReading {
  const reading = readDocument(text, ['roamingData', 'categories'], bounds);
  if (reading.kind !== 'element') return reading;
  const { root } = reading;
  const lists = root.name === 'categories' ? [root] : childrenOf(root, 'categories');
  const slots: VersionedSlot[] = [];
  const gone: string[] = [];
  for (const element of lists.flatMap((list) => childrenOf(list, 'category'))) {
    const category = element.attributes.name;
    if (category === undefined) continue;
    const [instance, container, version] = ['instance', 'container', 'version'].map((name) => numberOf(element, name));
    if (container === undefined) gone.push(category);
    else slots.push({ category, instance: instance ?? 0, container, version: version ?? 0 });
  }
  return { kind: 'own-categories', slots, gone };
}
