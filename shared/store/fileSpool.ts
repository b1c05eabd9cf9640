import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolPlace } from './spool.js';
import type { SpoolEntry } from './spoolEntry.js';
import { bounded } from './tableCalls.js';

const deadlineMs = 5_000;
// What we write is smaller by far; a larger file is none of ours.
const mostBytes = 4 * 1024 * 1024;
const ending = '.json';

/** Entries as files of one folder, `<name>.json`, which only the owner can read. For one process at a time. */
export class FileSpoolPlace implements SpoolPlace {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<readonly SpoolEntry[]> {
    return this.#bounded('not listed', async () => {
      const names = (await unlessMissing(readdir(this.#folder))) ?? [];
      const found = await Promise.all(names.filter((name) => name.endsWith(ending)).map((name) => this.#look(name)));
      return found.filter((entry) => entry !== undefined);
    });
  }

  async write(name: string, text: string): Promise<SpoolEntry> {
    return this.#bounded(`${name} not kept`, async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const path = this.#path(name);
      // The same name for every attempt, so that what a kill leaves behind is written over and never piles up.
      const draft = `${path}.new`;
      try {
        await writeThrough(draft, text);
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined);
        throw error;
      }
      return versioned(name, await stat(path));
    });
  }

  async read(entry: SpoolEntry): Promise<string | undefined> {
    return this.#bounded(`${entry.name} not read`, () => unlessMissing(readFile(this.#path(entry.name), 'utf8')));
  }

  async remove(entry: SpoolEntry): Promise<void> {
    await this.#bounded(`${entry.name} not removed`, async () => {
      const present = await this.#look(`${entry.name}${ending}`);
      if (present?.version === entry.version) await rm(this.#path(entry.name), { force: true });
    });
  }

  async #look(file: string): Promise<SpoolEntry | undefined> {
    const found = await unlessMissing(stat(join(this.#folder, file)));
    if (!found?.isFile() || found.size > mostBytes) return undefined;
    return versioned(file.slice(0, -ending.length), found);
  }

  #path(name: string): string {
    return join(this.#folder, `${name}${ending}`);
  }

  #bounded<T>(what: string, work: () => Promise<T>): Promise<T> {
    return bounded(`spool ${this.#folder}: ${what}`, deadlineMs, work);
  }
}

/** On the disk, not only in its cache, when it returns: this is what a crash must not take away. */
async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function versioned(name: string, { size, ino, mtimeMs }: Awaited<ReturnType<typeof stat>>): SpoolEntry {
  return { name, bytes: Number(size), version: `${ino}.${mtimeMs}` };
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
