import { existsSync } from 'node:fs';
import { kindOf, type ServiceKind, type ServiceName } from './plan/services.js';
import { kamailioModuleFolders } from './plan/templateValues.js';

/** Where programs are looked for, whatever the caller's PATH is: Debian keeps servers in the sbin folders. */
export const programFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

const programsOf: Readonly<Record<ServiceKind, readonly string[]>> = {
  dns: ['knotd', 'knotc'],
  partner: ['prosody', 'cc', 'openssl'],
  xmpp: ['prosody', 'cc', 'openssl'],
  sip: ['kamailio', 'kamcmd', 'cc', 'openssl'],
  turn: ['turnserver', 'openssl'],
};

/** Each from a package of its own, which the server's package does not bring. */
const kamailioModules = ['tls.so', 'presence.so', 'xmpp.so'];

/** The programs and modules that `services` need and this machine does not have; empty when all is there. */
export function missingFor(
  services: readonly ServiceName[],
  exists: (path: string) => boolean = existsSync,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  // Process groups are read from /proc, and each server has a loopback address of its own.
  if (platform !== 'linux') return ['Linux'];
  const kinds = services.map((service) => kindOf(service).kind);
  const programs = new Set(kinds.flatMap((kind) => programsOf[kind]));
  const missing = [...programs].filter((program) => !programFolders.some((folder) => exists(`${folder}/${program}`)));
  if (!kinds.includes('sip') || missing.includes('kamailio')) return missing;
  const modules = kamailioModules.filter(
    (file) => !kamailioModuleFolders.some((folder) => exists(`${folder}/${file}`)),
  );
  return [...missing, ...modules.map((file) => `kamailio's ${file}`)];
}
