import { readPidf } from '../../sip/presence/pidf.js';
import { type CategoriesReading, readCategories } from './categories.js';
import { readMultipart } from './multipart.js';
import { type ResourceListReading, readResourceList } from './resourceList.js';

/** Characters of a PIDF document that is read at all. */
const longestPidf = 65_536;

/** What one document of a presence notification says. */
export type PresenceContent =
  | CategoriesReading
  | ResourceListReading
  | { readonly kind: 'foreign-type'; readonly contentType: string };

/** Reads the body of a presence notification, or of the answer that brings the first one: one document or several. Never throws. */
export function readPresenceContent(contentType: string, body: string): readonly PresenceContent[] {
  if (body.trim() === '') return [];
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type !== 'multipart/related') return [readPart(type, body)];
  const reading = readMultipart(contentType, body);
  if (reading.kind === 'unreadable') return [reading];
  return reading.parts.map((part) => readPart(part.contentType, part.body));
}

function readPart(contentType: string, body: string): PresenceContent {
  switch (contentType) {
    case 'application/msrtc-event-categories+xml':
      return readCategories(body);
    case 'application/rlmi+xml':
      return readResourceList(body);
    case 'application/pidf+xml':
      return readForeignUser(body);
    default:
      return { kind: 'foreign-type', contentType: contentType === '' ? 'none' : contentType };
  }
}

/** Users of other systems are shown by PIDF (RFC 3863). */
function readForeignUser(body: string): PresenceContent {
  if (body.length > longestPidf) return { kind: 'too-large' };
  const reading = readPidf(body);
  if (reading.kind !== 'presence') return reading;
  return { kind: 'categories', entity: reading.entity, notes: reading.tuples.flatMap(({ notes }) => notes) };
}
