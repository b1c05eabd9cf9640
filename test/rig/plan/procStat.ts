/** The fields of /proc/PID/stat that tell one process from a later one with the same number (proc(5)). */
export interface ProcStat {
  readonly pid: number;
  /** `T` is stopped by a signal, `Z` has ended and waits for its parent. */
  readonly state: string;
  readonly group: number;
  /** Clock ticks after boot. */
  readonly startTime: string;
}

/** `undefined` for text that is no stat line. The command in parentheses may itself hold spaces and parentheses. */
export function parseProcStat(text: string): ProcStat | undefined {
  const pid = Number.parseInt(text, 10);
  const [state, , group, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTime = rest[16];
  if (!Number.isInteger(pid) || state === undefined || startTime === undefined) return undefined;
  return { pid, state, group: Number(group), startTime };
}
