import { hasFlag } from './flags.js';
import { md5Of } from './hashes.js';

/** The keys of one direction. */
export interface DirectionKeys {
  readonly sign: Buffer;
  readonly seal: Buffer;
}

/** Both directions of a security association. */
export interface SessionKeys {
  readonly client: DirectionKeys;
  readonly server: DirectionKeys;
}

/** The keys that follow from the exchanged session key under extended session security (MS-NLMP 3.4.5.2, 3.4.5.3). */
export function sessionKeys(exportedSessionKey: Buffer, flags: number): SessionKeys {
  const sealing = exportedSessionKey.subarray(0, sealingBytes(flags));
  const direction = (name: string): DirectionKeys => ({
    sign: md5Of(exportedSessionKey, magic(`session key to ${name} signing key magic constant`)),
    seal: md5Of(sealing, magic(`session key to ${name} sealing key magic constant`)),
  });
  return { client: direction('client-to-server'), server: direction('server-to-client') };
}

function sealingBytes(flags: number): number {
  if (hasFlag(flags, 'key128')) return 16;
  return hasFlag(flags, 'key56') ? 7 : 5;
}

function magic(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'latin1');
}
