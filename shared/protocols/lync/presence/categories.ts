import { childrenOf, type DocumentFlaw, readDocument } from './document.js';

/** What a watcher is shown of a user. */
export type CategoriesReading =
  | {
      readonly kind: 'categories';
      /** Whose they are. */
      readonly entity: string;
      /** The texts of its notes; those of categories that are not known here are not read. */
      readonly notes: readonly string[];
    }
  | DocumentFlaw;

/** Reads `application/msrtc-event-categories+xml` (MS-PRES 2.2.2.4). An empty category is one that is gone, or not for us. Never throws. */
export function readCategories(text: string): CategoriesReading {
  const reading = readDocument(text, ['categories']);
  if (reading.kind !== 'element') return reading;
  const { root } = reading;
  const entity = root.attributes.uri;
  if (entity === undefined) return { kind: 'unreadable', what: 'no uri: nobody knows whose presence it is' };
  const notes = childrenOf(root, 'category')
    .filter(({ attributes }) => attributes.name === 'note')
    .flatMap((category) => childrenOf(category, 'note'))
    .flatMap((note) => childrenOf(note, 'body'))
    .map(({ text: body }) => body);
  return { kind: 'categories', entity, notes };
}
