import { existsSync } from 'node:fs';
import { programFolders } from '../availability.js';

const libraryFolders = ['/usr/lib/purple-2', '/usr/local/lib/purple-2', '/usr/lib/x86_64-linux-gnu/purple-2'];
const headers = ['/usr/include/libpurple/purple.h', '/usr/local/include/libpurple/purple.h'];

/** Debian's packages with SIPE and with what its client here is compiled from. */
export const sipePackages = ['pidgin-sipe', 'libpurple-dev', 'pkg-config'];

/** What this machine lacks to run SIPE without a window; empty when all is there. */
export function missingForSipe(
  exists: (path: string) => boolean = existsSync,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  if (platform !== 'linux') return ['Linux'];
  const programs = ['cc', 'pkg-config'].filter((name) => !programFolders.some((folder) => exists(`${folder}/${name}`)));
  const plugin = libraryFolders.some((folder) => exists(`${folder}/libsipe.so`)) ? [] : ['pidgin-sipe'];
  return [...programs, ...plugin, ...(headers.some((path) => exists(path)) ? [] : ['libpurple-dev'])];
}
