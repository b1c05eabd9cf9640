import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFile } from './files.js';

/** Makes the folder and takes away the sign of readiness that an earlier start left there. */
export async function prepareFolder(folder: string, readySign: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await rm(join(folder, readySign), { force: true });
}

/** Writes the files in order; each appears whole or not at all, and a secret one is never readable by others. */
export async function writeFiles(folder: string, files: readonly OutputFile[]): Promise<void> {
  for (const { name, text, secret } of files) {
    const unfinished = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
    try {
      await writeFile(unfinished, text, { flag: 'wx', mode: secret ? 0o600 : 0o644 });
      await rename(unfinished, join(folder, name));
    } catch (cause) {
      await rm(unfinished, { force: true });
      throw cause;
    }
  }
}
