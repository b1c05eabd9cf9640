import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../domain/diagnosis.js';
import type { Endpoint, FailedAttempt } from './connectFirst.js';

/** What the system's error codes mean; the first that fits any attempt, in this order, names the whole failure. */
const meanings: readonly {
  readonly code: DiagnosisCode;
  readonly system: readonly string[];
  readonly words: string;
}[] = [
  {
    code: 'PROBER_SOCKETS_EXHAUSTED',
    system: ['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRINUSE'],
    words: 'no socket left here',
  },
  { code: 'TCP_CONNECTION_REFUSED', system: ['ECONNREFUSED', 'ECONNRESET'], words: 'connection refused' },
  { code: 'TCP_CONNECT_TIMEOUT', system: ['TIMEOUT', 'ETIMEDOUT', 'NOT_TRIED'], words: 'no answer' },
  { code: 'TCP_HOST_UNREACHABLE', system: ['EHOSTUNREACH', 'EHOSTDOWN'], words: 'host unreachable' },
  {
    code: 'TCP_NO_ROUTE',
    system: ['ENETUNREACH', 'ENETDOWN', 'EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'],
    words: 'no route from here',
  },
];

/** The diagnosis when no address took a connection: every one is named with what became of it. */
export function diagnoseConnect(failed: readonly FailedAttempt[], limitMs: number): Diagnosis {
  const found = meanings.find((meaning) => failed.some((attempt) => meaning.system.includes(attempt.code)));
  const error = `no TCP connection to ${failed.map((attempt) => describe(attempt, limitMs)).join('; ')}`;
  // No route in one family says nothing about a failure of another kind in the other.
  const only = found?.code !== 'TCP_NO_ROUTE' || failed.every(isOurs) ? found : undefined;
  return diagnosis(only?.code ?? 'TCP_CONNECT_FAILED', { error });
}

/** Is this attempt's failure our own lack (Azure has no IPv6, say), which says nothing about the server? */
export function isOurs(attempt: FailedAttempt): boolean {
  const found = meanings.find((meaning) => meaning.system.includes(attempt.code));
  return found?.code === 'TCP_NO_ROUTE' || found?.code === 'PROBER_SOCKETS_EXHAUSTED';
}

/** `192.0.2.10:5061 (no answer within 5000 ms)` */
export function describe(attempt: FailedAttempt, limitMs: number): string {
  return `${hostPort(attempt)} (${wordsFor(attempt.code, limitMs)})`;
}

function wordsFor(code: string, limitMs: number): string {
  if (code === 'NOT_TRIED') return 'not tried, time was up';
  const found = meanings.find((meaning) => meaning.system.includes(code));
  return found ? `${found.words}${code === 'TIMEOUT' ? ` within ${limitMs} ms` : ''}` : code;
}

/** `192.0.2.10:5061`, `[2001:db8::1]:5061` */
export function hostPort({ address, port }: Pick<Endpoint, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
