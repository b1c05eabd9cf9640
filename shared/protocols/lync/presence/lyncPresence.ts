import { NotePublication } from './notePublication.js';
import type { PresenceLine } from './presenceLine.js';
import { SelfSubscription } from './selfSubscription.js';
import { CategoryVersions } from './versions.js';
import { PresenceWatch } from './watch.js';

/** Presence of a signed-in account (MS-PRES); nothing is sent before a part of it is asked to. */
export interface LyncPresence {
  /** What the server keeps about the account: it tells the versions that the note needs. */
  openSelfSubscription(): Pick<SelfSubscription, 'begin' | 'catchUp' | 'end' | 'alive'>;
  openNote(): Pick<NotePublication, 'publish' | 'remove' | 'mayBePublished'>;
  /** A subscription to the presence of a SIP address. */
  openWatch(contact: string): Pick<PresenceWatch, 'subscribe' | 'awaitNote' | 'end' | 'alive'>;
}

/** The presence of an account on its connection; `takesBatches`: did the registrar list `adhoclist` in Supported? */
export function openLyncPresence(line: PresenceLine, takesBatches: boolean): LyncPresence {
  const versions = new CategoryVersions();
  return {
    openSelfSubscription: () => new SelfSubscription(line, versions),
    openNote: () => new NotePublication(line, versions),
    openWatch: (contact) => new PresenceWatch(line, contact, takesBatches),
  };
}
