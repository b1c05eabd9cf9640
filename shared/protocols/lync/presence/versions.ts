import type { CategorySlot, VersionedSlot } from './publishDocument.js';
import type { RoamingReading } from './roamingData.js';

/** The versions of the user's own categories, as far as the server told them: a publication has to name the last one (MS-PRES 3.2.4.2). */
export class CategoryVersions {
  readonly #versions = new Map<string, VersionedSlot>();

  /** Takes over what a server said, as far as it could be read. */
  learn(reading: RoamingReading): void {
    if (reading.kind !== 'own-categories') return;
    for (const [key, { category }] of this.#versions) if (reading.gone.includes(category)) this.#versions.delete(key);
    for (const slot of reading.slots) this.#versions.set(keyOf(slot), slot);
  }

  /** The slots with their versions; 0 where there was nothing yet. */
  of(slots: readonly CategorySlot[]): readonly VersionedSlot[] {
    return slots.map((slot) => ({ ...slot, version: this.#versions.get(keyOf(slot))?.version ?? 0 }));
  }
}

function keyOf({ category, instance, container }: CategorySlot): string {
  return `${category}/${instance}/${container}`;
}
