import { StoreError } from '../../shared/store/resultStore.js';
import type { SpoolPlace } from '../../shared/store/spool.js';
import type { SpoolEntry } from '../../shared/store/spoolEntry.js';

/** Entries in memory. It notes what was asked of it, and fails when a test says so. */
export class MemorySpoolPlace implements SpoolPlace {
  readonly texts = new Map<string, { readonly text: string; readonly version: string }>();
  readonly calls: string[] = [];
  /** The calls that are to fail. */
  failing: readonly ('list' | 'write' | 'read' | 'remove')[] = [];
  /** Holds back the listings that are made from now on, with what they found by then. */
  listed: Promise<void> | undefined;
  #version = 0;

  /** The names, in order. */
  get names(): readonly string[] {
    return [...this.texts.keys()].sort();
  }

  async list(): Promise<readonly SpoolEntry[]> {
    this.#note('list');
    // The newest first: nobody may rely on an order.
    const entries = [...this.texts].reverse();
    await this.listed;
    return entries.map(([name, { text, version }]) => ({ name, bytes: text.length, version }));
  }

  async write(name: string, text: string): Promise<SpoolEntry> {
    this.#note('write', name);
    const version = String(++this.#version);
    this.texts.set(name, { text, version });
    return { name, bytes: text.length, version };
  }

  async read({ name }: SpoolEntry): Promise<string | undefined> {
    this.#note('read', name);
    return this.texts.get(name)?.text;
  }

  async remove({ name, version }: SpoolEntry): Promise<void> {
    this.#note('remove', name);
    if (this.texts.get(name)?.version === version) this.texts.delete(name);
  }

  #note(call: 'list' | 'write' | 'read' | 'remove', name = ''): void {
    this.calls.push(`${call} ${name}`.trim());
    if (this.failing.includes(call)) throw new StoreError(`the place cannot ${call}`);
  }
}
