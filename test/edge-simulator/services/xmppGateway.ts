import { answerTo, type SipAnswer } from '../sip/answer.js';
import { type HeaderField, value } from '../sip/message.js';
import { readSipUri } from '../sip/values.js';
import type { FromXmpp, Gateway } from '../xmpp/gateway.js';
import type { Binding } from './bindings.js';
import type { Exchange, Outgoing } from './service.js';

/** What a relay hands to somebody else: messages for another domain, and those that come from there. */
export interface Abroad {
  readonly domain: string;
  /** The answer to a MESSAGE of `user`, who has proved who it is. */
  answer(exchange: Exchange, user: string): SipAnswer;
  crossed(arrival: FromXmpp, nowMs: number): readonly Outgoing[];
}

const refusals = {
  missing: { status: 404, reason: 'No Route to Domain' },
  'not-allowed': { status: 403, reason: 'Forbidden' },
  stopped: { status: 503, reason: 'Gateway Unavailable' },
} as const;

/**
 * The XMPP gateway for MESSAGE (RFC 3428, RFC 7572): 202 means that it has the text, and nothing more. What comes back from there goes
 * to every connection that its receiver registered with; nobody is told of what could not be delivered.
 */
export function xmppGateway(
  gateway: Gateway,
  domain: string,
  bindingsOf: (user: string, nowMs: number) => readonly Binding[],
): Abroad {
  let sent = 0;
  return {
    domain: gateway.partnerDomain,
    answer({ request, source }, user) {
      const answer = (status: number, reason: string) => answerTo(request, source, status, reason);
      const { state } = gateway;
      if (state !== 'open') return answer(refusals[state].status, refusals[state].reason);
      const receiver = readSipUri(request.uri);
      if (!receiver?.user) return answer(404, 'Not Found');
      if (!/^text\/plain\b/i.test(value(request.fields, 'content-type') ?? ''))
        return answer(415, 'Unsupported Media Type');
      gateway.send(user, `${receiver.user.toLowerCase()}@${receiver.host}`, request.body, source.token);
      return answer(202, 'Accepted');
    },
    crossed(arrival, nowMs) {
      if (arrival.kind !== 'message') return [];
      return bindingsOf(arrival.user, nowMs).map(({ uri, flow }) => {
        sent += 1;
        const { from, user, text } = arrival;
        const fields = messageFields({ from, to: `${user}@${domain}`, number: sent });
        return { flow, occasion: 'crossed', request: { method: 'MESSAGE', uri, fields, body: text } };
      });
    },
  };
}

function messageFields(message: {
  readonly from: string;
  readonly to: string;
  readonly number: number;
}): readonly HeaderField[] {
  const { from, to, number } = message;
  const mark = `xmpp-${number}`;
  return [
    { name: 'Via', value: `SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK-${mark}` },
    { name: 'Max-Forwards', value: '70' },
    { name: 'From', value: `<sip:${from}>;tag=${mark}` },
    { name: 'To', value: `<sip:${to}>` },
    { name: 'Call-ID', value: `${mark}@127.0.0.1` },
    { name: 'CSeq', value: '1 MESSAGE' },
    { name: 'Content-Type', value: 'text/plain; charset=UTF-8' },
  ];
}
