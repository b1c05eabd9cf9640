import { type Diagnosis, diagnosis } from '../../../domain/diagnosis.js';
import { diagnoseMissing } from '../diagnoseStream.js';
import { diagnoseStanzaError } from './diagnoseStanzaError.js';
import type { AwaitedMessage } from './xmppClient.js';

/** A message on its way across a gateway. */
export interface CrossingMessage {
  /** SIP address. */
  readonly from: string;
  /** JID. */
  readonly to: string;
  readonly text: string;
  /** The part of `text` that no other message has. */
  readonly token: string;
}

/**
 * The diagnosis when a message that the gateway took did not arrive at its XMPP user. `gatewayTrouble` is what the domain's own
 * XMPP servers said when they were looked at afterwards; undefined when nothing is wrong with them.
 */
export function diagnoseUndelivered(
  { from, to }: CrossingMessage,
  peer: string,
  awaited: Exclude<AwaitedMessage, { readonly kind: 'message' }>,
  gatewayTrouble: string | undefined,
): Diagnosis {
  const what = `the message of ${from} to ${to}`;
  if (awaited.kind === 'refused') return diagnoseStanzaError(what, awaited.error);
  if (awaited.kind === 'ended') return diagnoseMissing(what, peer, awaited, 'XMPP_MESSAGE_NOT_DELIVERED');
  const error = `${what} was taken, but did not arrive within ${awaited.limitMs} ms`;
  if (gatewayTrouble === undefined) {
    return diagnosis('XMPP_MESSAGE_NOT_DELIVERED', { error: `${error}; the XMPP route of the Edge answers` });
  }
  return diagnosis('XMPP_GATEWAY_DOWN', {
    error: `${error}; the XMPP route of the Edge does not work: ${gatewayTrouble}`,
  });
}
