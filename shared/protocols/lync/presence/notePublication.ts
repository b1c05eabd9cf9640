import { ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { SipAnswer } from '../../sip/answer.js';
import { diagnosePublication } from './diagnosePresence.js';
import type { PresenceLine } from './presenceLine.js';
import { noteSlots, type VersionedSlot, writeNote, writeRemoval } from './publishDocument.js';
import { readRoamingData } from './roamingData.js';
import type { CategoryVersions } from './versions.js';
import { correctVersions } from './wrongDelta.js';

/** A note that a user publishes by SERVICE (MS-PRES 3.2). */
export class NotePublication {
  readonly #line: PresenceLine;
  readonly #versions: CategoryVersions;
  #mayBePublished = false;

  constructor(line: PresenceLine, versions: CategoryVersions) {
    this.#line = line;
    this.#versions = versions;
  }

  /** May the server hold the note? True from the moment it was sent until it was refused or removed. */
  get mayBePublished(): boolean {
    return this.#mayBePublished;
  }

  /** Publishes a note in the place of the one that is there. Throws a `ProbeError` when it is refused. */
  async publish(text: string, scope: Scope): Promise<void> {
    this.#mayBePublished = true;
    const answer = await this.#offer((slots) => writeNote(this.#line.sipAddress, slots, text), scope);
    if (answer.kind === 'response' && answer.status >= 300) this.#mayBePublished = false;
    this.#throwIfRefused('SERVICE with a note', answer);
  }

  /** Takes the note back. Throws a `ProbeError` when that is refused. */
  async remove(scope: Scope): Promise<void> {
    const answer = await this.#offer((slots) => writeRemoval(this.#line.sipAddress, slots), scope);
    this.#throwIfRefused('SERVICE that removes the note', answer);
    this.#mayBePublished = false;
  }

  /** Somebody else may have published meanwhile: the server then says with which versions to try again (409), once. */
  async #offer(write: (slots: readonly VersionedSlot[]) => string, scope: Scope): Promise<SipAnswer> {
    const sent = this.#versions.of(noteSlots);
    const answer = await this.#send(write(sent), scope);
    if (answer.kind !== 'response' || answer.status !== 409) return this.#learnFrom(answer);
    const corrected = correctVersions(answer.message.body, sent);
    if (!corrected) return answer;
    this.#versions.learn({ kind: 'own-categories', slots: corrected, gone: [] });
    return this.#learnFrom(await this.#send(write(corrected), scope));
  }

  /** The answer may bring the new versions; where it does not, they are counted up (MS-PRES 3.2.5). */
  #learnFrom(answer: SipAnswer): SipAnswer {
    if (answer.kind !== 'response' || answer.status >= 300) return answer;
    const counted = this.#versions.of(noteSlots).map((slot) => ({ ...slot, version: slot.version + 1 }));
    this.#versions.learn({ kind: 'own-categories', slots: counted, gone: [] });
    if (answer.message.body.trim() !== '') this.#versions.learn(readRoamingData(answer.message.body));
    return answer;
  }

  #throwIfRefused(request: string, answer: SipAnswer): void {
    const found = diagnosePublication(request, this.#line.peer, answer);
    if (found) throw new ProbeError(found);
  }

  #send(content: string, scope: Scope): Promise<SipAnswer> {
    const body = { contentType: 'application/msrtc-category-publish+xml', content };
    return this.#line.request({ method: 'SERVICE', uri: this.#line.sipAddress, headers: [], body }, scope);
  }
}
