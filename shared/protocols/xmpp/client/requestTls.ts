import { xml } from '@xmpp/client';
import { fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { diagnoseMissing } from '../diagnoseStream.js';
import { readFeatures, tlsNamespace } from './features.js';
import type { XmppStream } from './xmppStream.js';

/**
 * Asks on a stream in clear for TLS (RFC 6120 section 5.4); then TLS can begin on its connection. Nothing but the
 * domain goes out before. Throws a `ProbeError`.
 */
export async function requestTls(stream: XmppStream, scope: Scope): Promise<void> {
  const { peer } = stream;
  const features = readFeatures(await stream.open(scope));
  if (!features.startTls) {
    const error = `${peer} offers no STARTTLS: nothing is sent in clear`;
    return fail('XMPP_STARTTLS_MISSING', { error });
  }
  stream.send(xml('starttls', { xmlns: tlsNamespace }));
  const arrival = await stream.inbox.take(({ namespace }) => namespace === tlsNamespace, scope);
  if (arrival.kind !== 'item') {
    throw new ProbeError(diagnoseMissing('answer to STARTTLS', peer, arrival, 'XMPP_STARTTLS_TIMEOUT'));
  }
  const { name } = arrival.item.element;
  if (name !== 'proceed') {
    fail('XMPP_STARTTLS_REFUSED', { error: `${peer} offered STARTTLS and answered it with ${name}, expected proceed` });
  }
  // RFC 6120 section 5.4.3.3: what follows in clear was put there by somebody else, to be read as if it came over TLS.
  if (stream.pendingCharacters > 0 || stream.inbox.unread.length > 0) {
    fail('XMPP_STARTTLS_INJECTION', { error: `${peer} sent more in clear after it had agreed to TLS` });
  }
  stream.detach();
}
