import { isSameUser } from '../../sip/address.js';
import type { Verdict } from '../../sip/presence/verdict.js';
import type { PresenceContent } from './presenceContent.js';
import type { ListedResource } from './resourceList.js';

/** What a run publishes: found again by its text, which no other run has. */
export interface PresenceNote {
  /** `sip:user@domain`: whose presence it is. */
  readonly entity: string;
  readonly text: string;
}

/** The note that is waited for; without a text none is. */
export type AwaitedNote = Pick<PresenceNote, 'entity'> & { readonly text: string | undefined };

/** Judges one document of a notification: only the very note, of the presentity itself, is proof. A list is none. */
export function judgeContent(content: PresenceContent, { entity, text }: AwaitedNote): Verdict | undefined {
  switch (content.kind) {
    case 'resources':
      return undefined;
    case 'categories':
      if (!isSameUser(content.entity, entity)) return { kind: 'wrong-presentity', entity: content.entity };
      return { kind: text !== undefined && content.notes.includes(text) ? 'value' : 'other-value' };
    default:
      return content;
  }
}

/** What a server lists about one contact; the last word counts. */
export function listedOf(contents: readonly PresenceContent[], contact: string): ListedResource | undefined {
  return contents
    .flatMap((content) => (content.kind === 'resources' ? content.resources : []))
    .filter(({ uri }) => isSameUser(uri, contact))
    .at(-1);
}
