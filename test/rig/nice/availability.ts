import { existsSync } from 'node:fs';
import { programFolders } from '../availability.js';

const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '.'].map((folder) => `/usr/lib/${folder}/libnice.so.10`);
const headers = ['/usr/include/glib-2.0/glib.h', '/usr/local/include/glib-2.0/glib.h'];

/** Debian's packages with libnice and with what its client here is compiled from. */
export const nicePackages = ['libnice10', 'libglib2.0-dev', 'pkg-config'];

/** What this machine lacks to run libnice; empty when all is there. */
export function missingForNice(
  exists: (path: string) => boolean = existsSync,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  if (platform !== 'linux') return ['Linux'];
  const programs = ['cc', 'pkg-config'].filter((name) => !programFolders.some((folder) => exists(`${folder}/${name}`)));
  const library = libraries.some((path) => exists(path)) ? [] : ['libnice10'];
  return [...programs, ...library, ...(headers.some((path) => exists(path)) ? [] : ['libglib2.0-dev'])];
}
