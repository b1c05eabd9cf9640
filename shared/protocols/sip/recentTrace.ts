import { formatTrace, type TraceEntry } from './trace.js';

/** Characters of the wire trace of one run that are kept: some thirty messages. */
export const longestTrace = 65_536;

/** The last messages of a run, for when it fails; what came before is forgotten. */
export class RecentTrace {
  #entries: TraceEntry[] = [];
  #length = 0;

  /** Keeps an entry; of one that is larger than all that may be kept, the beginning. */
  add(entry: TraceEntry): void {
    const text = entry.text.slice(0, longestTrace);
    this.#entries.push({ ...entry, text });
    this.#length += text.length;
    while (this.#length > longestTrace) this.#length -= this.#entries.shift()?.text.length ?? this.#length;
  }

  /** As text, with what authenticates left out. */
  toText(): string {
    return this.#entries.map(formatTrace).join('');
  }
}
