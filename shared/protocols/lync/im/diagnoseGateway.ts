import { type Diagnosis, type DiagnosisCode, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../../sip/answer.js';
import { msDiagnosticsOf } from '../diagnostics/msDiagnostics.js';
import { diagnoseInvite, type Parties } from './diagnoseSession.js';

/** What ms-diagnostics with a 504 means where the domain should be led to the XMPP gateway: it is looked for as a SIP domain. */
const withoutRoute: ReadonlySet<number> = new Set([1005, 1008, 1009, 1014]);

/** An INVITE to a user of an XMPP domain, which the gateway itself answers. Throws a `ProbeError` where it was not accepted. */
export function requireGateway(answer: SipAnswer, parties: Parties): void {
  const found = diagnoseInvite(answer, parties);
  if (found) throw new ProbeError(ofGateway(found, answer));
}

function ofGateway(found: Diagnosis, answer: SipAnswer): Diagnosis {
  const code = answer.kind === 'response' ? gatewayCode(answer.status, answer) : undefined;
  if (code === undefined) return found;
  const { error, serverDiagnosis, causes } = found;
  const own = diagnosis(code, { error, serverDiagnosis });
  // What ms-diagnostics means stands first among the causes.
  const told = causes.filter((cause) => cause.startsWith('ms-diagnostics'));
  return { ...own, causes: [...told, ...own.causes] };
}

function gatewayCode(
  status: number,
  answer: Extract<SipAnswer, { readonly kind: 'response' }>,
): DiagnosisCode | undefined {
  if (status === 403) return 'XMPP_PARTNER_NOT_ALLOWED';
  if (status === 480 || status === 503) return 'XMPP_GATEWAY_UNAVAILABLE';
  if (status !== 504) return undefined;
  const routeless = msDiagnosticsOf(answer.message).some(({ id }) => withoutRoute.has(id));
  return routeless ? 'XMPP_GATEWAY_MISSING' : 'XMPP_GATEWAY_UNAVAILABLE';
}
