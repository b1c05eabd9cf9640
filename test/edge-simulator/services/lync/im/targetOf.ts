import type { SipAnswer } from '../../../sip/answer.js';
import { value } from '../../../sip/message.js';
import type { LyncBinding } from '../lyncBindings.js';
import { type Admitted, refusing } from '../poolService.js';
import type { Pool } from '../routing.js';
import { isInDialog } from './dialogs.js';

/** The endpoint that a request between users reaches, or why none. */
export function targetOf(exchange: Admitted, pool: Pool): LyncBinding | SipAnswer {
  const { destination, request } = exchange;
  const source = `;source="${pool.host}"`;
  const noSession = (diagnostics: string): SipAnswer =>
    refusing(exchange, 481, 'Call Leg/Transaction Does Not Exist', `${diagnostics}${source}`);
  if (isInDialog(request) && value(request.fields, 'route') === undefined) {
    return noSession('1004;reason="Route set is no longer valid"');
  }
  if (destination.kind === 'endpoint') return destination.binding;
  if (isInDialog(request) || destination.kind !== 'user') return noSession('1006;reason="The endpoint is gone"');
  if (request.method !== 'INVITE') {
    return refusing(exchange, 405, 'Method Not Allowed', `1027;reason="Not outside of a session"${source}`);
  }
  // Of several endpoints the one that signed in last: requests are not forked.
  const binding = pool.bindings().findLast(({ user }) => user === destination.user);
  const diagnostics = `15000;reason="User has no registered endpoint"${source}`;
  return binding ?? refusing(exchange, 480, 'Temporarily Unavailable', diagnostics);
}
