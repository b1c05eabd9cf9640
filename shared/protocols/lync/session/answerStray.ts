import { type Diagnosis, diagnosis } from '../../../domain/diagnosis.js';
import { headerValue } from '../../sip/rawMessage.js';
import { formatMsDiagnostics, msDiagnosticsOf } from '../diagnostics/msDiagnostics.js';
import type { ReceivedRequest } from './receivedRequest.js';

const allow = 'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, UPDATE, NOTIFY';

/** Answers a request that belongs to nothing here. A diagnosis says that it ends what was begun: the server signed the account out. */
export function answerStray(request: ReceivedRequest, peer: string): Diagnosis | undefined {
  const { method, raw } = request;
  if (method.endsWith('NOTIFY') && headerValue(raw, 'event')?.toLowerCase() === 'registration-notify') {
    request.reply(200);
    return diagnoseSignOut(request, peer);
  }
  if (method === 'OPTIONS') request.reply(200, { headers: [allow, 'Accept: application/sdp, text/plain'] });
  else if (/;[ \t]*tag[ \t]*=/i.test(headerValue(raw, 'to') ?? '') || ['BYE', 'CANCEL', 'NOTIFY'].includes(method))
    request.reply(481);
  else if (method === 'INVITE') request.reply(480);
  else request.reply(405, { headers: [allow] });
  return undefined;
}

/** MS-SIPREGE 3.1.5.3: `deregistered;event=rejected|unregistered|deactivated`. */
function diagnoseSignOut({ raw }: ReceivedRequest, peer: string): Diagnosis | undefined {
  const [, event] = /^\s*deregistered;[ \t]*event=([a-z]{1,20})/i.exec(raw.body) ?? [];
  if (event === undefined) return undefined;
  return diagnosis('AUTH_SIGNED_OUT', {
    error: `${peer} ended the sign-in: ${event.toLowerCase()}`,
    serverDiagnosis: msDiagnosticsOf(raw).map(formatMsDiagnostics).join('; '),
  });
}
