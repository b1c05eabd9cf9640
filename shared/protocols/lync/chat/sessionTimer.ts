import { headerValue, type RawMessage } from '../../sip/rawMessage.js';

/** How long a session lives without being refreshed, and who refreshes it (RFC 4028 section 7.2). */
export interface SessionTimer {
  readonly intervalMs: number;
  /** `us`: by UPDATE before half of the interval is over (section 10); `them`: the server sends something of the kind. */
  readonly refresher: 'us' | 'them';
}

/** What the 200 to INVITE says; undefined where the session lives as long as the registration. */
export function readSessionTimer(answer: RawMessage): SessionTimer | undefined {
  const value = headerValue(answer, 'session-expires') ?? '';
  const seconds = Number(/^\s*(\d{1,7})(?=\s*(?:;|$))/.exec(value)?.[1] ?? 0);
  if (seconds === 0) return undefined;
  const refresher = /;\s*refresher\s*=\s*uas\b/i.test(value) ? 'them' : 'us';
  return { intervalMs: seconds * 1000, refresher };
}

/** When something is due after the last refresh: our UPDATE, or the verdict that the server's did not come. */
export function dueAfterMs({ intervalMs, refresher }: SessionTimer): number {
  return refresher === 'us' ? intervalMs / 2 : intervalMs;
}

/** The header fields of the UPDATE that refreshes the session. */
export function refreshHeaders({ intervalMs }: SessionTimer): readonly string[] {
  return ['Supported: timer', `Session-Expires: ${intervalMs / 1000};refresher=uac`];
}
