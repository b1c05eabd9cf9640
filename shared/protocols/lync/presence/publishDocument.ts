import { escapeXml } from '../../sip/xml.js';

/** Where one value of a category lies: what a server keeps a version for (MS-PRES 2.2.2.5). */
export interface CategorySlot {
  readonly category: string;
  readonly instance: number;
  /** Decides which watchers see it. */
  readonly container: number;
}

/** A slot with the version that its next publication has to name. */
export interface VersionedSlot extends CategorySlot {
  readonly version: number;
}

const category = 'note';
const instance = 0;

/** A note has a copy for colleagues, workgroup and personal watchers: each sees the one of its own container. */
export const noteSlots: readonly CategorySlot[] = [200, 300, 400].map((container) => ({
  category,
  instance,
  container,
}));

/** The body of a SERVICE that publishes a personal note of `address` in every slot (MS-PRES 2.2.2.5.2). */
export function writeNote(address: string, slots: readonly VersionedSlot[], text: string): string {
  const note = `<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">${escapeXml(text)}</body></note>`;
  return publish(
    address,
    slots.map((slot) => `<publication ${attributesOf(slot)}>${note}</publication>`),
  );
}

/** The body of a SERVICE that takes back what lies in every slot. */
export function writeRemoval(address: string, slots: readonly VersionedSlot[]): string {
  return publish(
    address,
    slots.map((slot) => `<publication ${attributesOf(slot)} expires="0"/>`),
  );
}

function publish(address: string, publications: readonly string[]): string {
  return [
    '<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence">',
    `<publications uri="${escapeXml(address)}">${publications.join('')}</publications>`,
    '</publish>',
  ].join('');
}

/** `static`: what servers take for a note. It lasts until it is removed, or the next run replaces it. */
function attributesOf(slot: VersionedSlot): string {
  return `categoryName="${slot.category}" instance="${slot.instance}" container="${slot.container}" version="${slot.version}" expireType="static"`;
}
