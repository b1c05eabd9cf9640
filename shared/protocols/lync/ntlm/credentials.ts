import { hmacMd5, md4Of } from './hashes.js';

/** A user as NTLM names it. */
export interface NtlmUser {
  readonly user: string;
  /** Empty where the user name says it all (`user@domain`). */
  readonly domain: string;
}

/** Takes `DOMAIN\user` apart; `user@domain` and `user` stay whole. */
export function toNtlmUser(userName: string): NtlmUser {
  const at = userName.indexOf('\\');
  return at < 0 ? { user: userName, domain: '' } : { user: userName.slice(at + 1), domain: userName.slice(0, at) };
}

/** UTF-16LE without a byte order mark. */
export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** NTOWFv2 (MS-NLMP 3.3.2): the key that the password stands for; as secret as the password. */
export function ntowfV2({ user, domain }: NtlmUser, password: string): Buffer {
  return hmacMd5(md4Of(utf16(password)), utf16(upperCase(user) + domain));
}

/** Windows maps each character by itself: a sharp s stays one. */
function upperCase(text: string): string {
  return [...text].map((character) => simpleUpperCase(character)).join('');
}

function simpleUpperCase(character: string): string {
  const upper = character.toUpperCase();
  return upper.length === character.length ? upper : character;
}
