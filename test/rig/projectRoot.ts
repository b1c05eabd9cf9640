import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RigError } from './errors.js';

/** The project's folder: the nearest one above this file, or above the bundle it became, that has our package.json. */
export function findProjectRoot(): string {
  const starts = [typeof __dirname === 'string' ? __dirname : process.cwd(), process.cwd()];
  for (const start of starts) {
    for (let folder = start; ; folder = dirname(folder)) {
      if (isProject(folder)) return folder;
      if (folder === dirname(folder)) break;
    }
  }
  throw new RigError(`no package.json of edge-probes in or above ${starts.join(' or ')}`);
}

function isProject(folder: string): boolean {
  const file = join(folder, 'package.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'edge-probes';
}
