import { type Element, xml } from '@xmpp/client';
import { diagnosis, fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { type ConditionCodes, codeOf } from '../conditionCodes.js';
import { diagnoseMissing } from '../diagnoseStream.js';
import { childOf, type XmlElement } from '../element.js';
import { readAddress } from './address.js';
import { bindNamespace, type StreamFeatures, sessionNamespace } from './features.js';
import { isAnswer } from './iq.js';
import { readStanzaError } from './stanzaError.js';
import type { XmppStream } from './xmppStream.js';

/** The codes of the conditions that RFC 6120 section 7.7.2 foresees. */
const refusals: ConditionCodes = {
  conflict: 'XMPP_BIND_CONFLICT',
  'resource-constraint': 'XMPP_BIND_LIMIT',
};

/** Binds a resource (RFC 6120 section 7) and gives the full address by which it is reached. Throws a `ProbeError`. */
export async function bindResource(
  stream: XmppStream,
  features: StreamFeatures,
  resource: string,
  token: (length: number) => string,
  scope: Scope,
): Promise<string> {
  if (!features.bind)
    fail('XMPP_BIND_NOT_OFFERED', { error: `${stream.peer} offers no resource binding after sign-in` });
  const wish = xml('bind', { xmlns: bindNamespace }, xml('resource', {}, resource));
  const answer = await request(stream, 'resource binding', wish, token(16), scope);
  const address = childOf(childOf(answer, 'bind', bindNamespace), 'jid', bindNamespace)?.text.trim();
  if (!address || !readAddress(address)?.resource) {
    return fail('XMPP_BIND_MALFORMED', { error: `${stream.peer} bound a resource and did not tell its full address` });
  }
  if (features.session) {
    await request(stream, 'session', xml('session', { xmlns: sessionNamespace }), token(16), scope);
  }
  return address;
}

async function request(stream: XmppStream, what: string, wish: Element, id: string, scope: Scope): Promise<XmlElement> {
  stream.send(xml('iq', { type: 'set', id }, wish));
  const arrival = await stream.inbox.take((element) => isAnswer(element, id), scope);
  if (arrival.kind !== 'item') {
    throw new ProbeError(diagnoseMissing(`answer to ${what}`, stream.peer, arrival, 'XMPP_BIND_TIMEOUT'));
  }
  const error = readStanzaError(arrival.item.element);
  if (!error) return arrival.item.element;
  throw new ProbeError(
    diagnosis(codeOf(refusals, error.condition) ?? 'XMPP_BIND_REFUSED', {
      error: `${stream.peer} refused ${what}: ${error.condition}`,
      serverDiagnosis: error.text,
    }),
  );
}
