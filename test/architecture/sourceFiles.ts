import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSource, type Source } from './readSource.js';

/** Where the project lies. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Every TypeScript and JavaScript file of the named folders, declaration files left out. */
export function readSources(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    filesIn(folder)
      .filter((path) => /\.[mc]?[jt]s$/.test(path) && !/\.d\.[mc]?ts$/.test(path))
      .map((path) => readSource(path, readFileSync(join(projectRoot, path), 'utf8'))),
  );
}

function filesIn(folder: string): string[] {
  if (!existsSync(join(projectRoot, folder))) return [];
  const entries = readdirSync(join(projectRoot, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => (entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
    .sort();
}
