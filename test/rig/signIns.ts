/** One user agent's time at the registrar, from its first REGISTER to its last. */
export interface SignIn {
  readonly user: string;
  readonly callId: string;
  /** Places in the order in which Kamailio took the requests in. */
  readonly from: number;
  readonly to: number;
}

/**
 * The sign-ins in a log that Kamailio wrote at debug level 3, in which each of its processes tells of a request's To and then of its
 * Call-ID and CSeq. All REGISTERs of a user agent have one Call-ID (RFC 3261 section 10.2).
 */
export function signInsIn(log: string): readonly SignIn[] {
  const userOf = new Map<string, string>();
  const found = new Map<string, SignIn>();
  for (const [at, line] of log.split('\n').entries()) {
    const [, process = '', text = ''] = /^\s*\d+\((\d+)\) (.*)$/.exec(line) ?? [];
    const user = /<To> \[\d+\]; uri=\[sip:([^@\]]+)@/.exec(text)?.[1];
    if (user !== undefined) userOf.set(process, user);
    const callId = /--- received sip message - request - call-id: \[([^\]]+)\] - cseq: \[\d+ REGISTER\]/.exec(
      text,
    )?.[1];
    if (callId === undefined) continue;
    const before = found.get(callId);
    found.set(callId, { user: userOf.get(process) ?? '', callId, from: before?.from ?? at, to: at });
  }
  return [...found.values()];
}

/** Pairs of sign-ins of one user that were there at the same time. */
export function overlapping(signIns: readonly SignIn[]): readonly (readonly [SignIn, SignIn])[] {
  return signIns.flatMap((one, index) =>
    signIns
      .slice(index + 1)
      .filter((other) => other.user === one.user && other.from <= one.to && one.from <= other.to)
      .map((other) => [one, other] as const),
  );
}
