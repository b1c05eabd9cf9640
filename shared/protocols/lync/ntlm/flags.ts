/** What an NTLM message negotiates (MS-NLMP 2.2.2.5), as far as SIP has to do with it. */
const ntlmFlags = {
  unicode: 0x00000001,
  requestTarget: 0x00000004,
  sign: 0x00000010,
  datagram: 0x00000040,
  ntlm: 0x00000200,
  alwaysSign: 0x00008000,
  extendedSessionSecurity: 0x00080000,
  identify: 0x00100000,
  targetInfo: 0x00800000,
  version: 0x02000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;
type NtlmFlag = keyof typeof ntlmFlags;

/** Without these there is no NTLMv2 over SIP: messages come in datagrams, and every one is signed with exchanged keys. */
const demanded = [
  ...(['unicode', 'sign', 'datagram', 'ntlm', 'alwaysSign', 'extendedSessionSecurity'] as const),
  ...(['identify', 'targetInfo', 'keyExchange'] as const),
];
const welcome: readonly NtlmFlag[] = [...demanded, 'requestTarget', 'version', 'key128', 'key56'];

/** Is the flag set? */
export function hasFlag(flags: number, flag: NtlmFlag): boolean {
  return (flags & ntlmFlags[flag]) !== 0;
}

/** The demanded flags that a server does not offer, by name. */
export function missingFlags(offered: number): NtlmFlag[] {
  return demanded.filter((flag) => !hasFlag(offered, flag));
}

/** The client's answer to the flags of a challenge: what both can do, with the longest key. */
export function answerFlags(offered: number): number {
  const ours: number = ntlmFlags.requestTarget;
  const common = welcome.reduce((flags, flag) => flags | (offered & ntlmFlags[flag]), ours);
  return (hasFlag(common, 'key128') ? common & ~ntlmFlags.key56 : common) >>> 0;
}
