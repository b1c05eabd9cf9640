import { type Diagnosis, diagnosis } from '../../domain/diagnosis.js';
import type { DnsFailure } from './answer.js';

/** The diagnosis of a question that brought no record; `question` reads like `address of sip.contoso.com`. */
export function diagnoseDns(question: string, failure: DnsFailure): Diagnosis {
  switch (failure.kind) {
    case 'nxdomain':
      return diagnosis('DNS_NAME_NOT_FOUND', { error: `${question}: the name does not exist (NXDOMAIN)` });
    case 'nodata':
      return diagnosis('DNS_NO_ADDRESS', { error: `${question}: the name exists but has no such record (NODATA)` });
    case 'servfail':
      return diagnosis('DNS_SERVER_FAILURE', { error: `${question}: the DNS server failed (SERVFAIL)` });
    case 'refused':
      return diagnosis('DNS_QUERY_REFUSED', { error: `${question}: the DNS server refused to answer (REFUSED)` });
    case 'malformed':
      return diagnosis('DNS_RESPONSE_MALFORMED', {
        error: `${question}: the answer could not be read (${textOf(failure.cause)})`,
      });
    case 'timeout':
      return diagnosis('DNS_RESOLVER_TIMEOUT', { error: `${question}: no answer within ${failure.limitMs} ms` });
    case 'unreachable':
      return diagnosis('DNS_RESOLVER_UNREACHABLE', {
        error: `${question}: the resolver cannot be reached (${textOf(failure.cause)})`,
      });
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
