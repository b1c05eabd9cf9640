import { answerTo } from '../sip/answer.js';
import { type SipRequest, value } from '../sip/message.js';
import { readSipUri } from '../sip/values.js';
import type { Realm } from './authentication.js';
import type { Binding } from './bindings.js';
import type { Gatekeeper } from './gatekeeper.js';
import type { Exchange, Outgoing, SipService } from './service.js';
import type { Abroad } from './xmppGateway.js';

/** One MESSAGE on its way to every binding of its receiver. */
interface Relay {
  readonly exchange: Exchange;
  /** The bindings that have not answered, by branch, and their connections. */
  readonly open: Map<string, number>;
}

const mostRelays = 100;

/**
 * Relays MESSAGE to the connections its receiver registered with (RFC 3428 section 6, RFC 3261 section 16): the first
 * 2xx answers it; otherwise the last refusal, when all have refused.
 */
export function relayService(
  realm: Realm,
  admit: Gatekeeper,
  bindingsOf: (user: string, nowMs: number) => readonly Binding[],
  abroad: Abroad,
): SipService {
  const relays = new Set<Relay>();

  function settle(relay: Relay, status: number, reasonPhrase: string): readonly Outgoing[] {
    relays.delete(relay);
    const { request, source, flow } = relay.exchange;
    return [{ flow, answer: answerTo(request, source, status, reasonPhrase), to: relay.exchange }];
  }

  function close(relay: Relay, branch: string, refused: readonly [number, string]): readonly Outgoing[] {
    relay.open.delete(branch);
    return relay.open.size > 0 ? [] : settle(relay, ...refused);
  }

  return {
    methods: ['MESSAGE'],
    answer(exchange) {
      const { request, source, flow, nowMs } = exchange;
      const refuse = (status: number, reason: string) => [{ flow, answer: answerTo(request, source, status, reason) }];
      const admission = admit(exchange);
      if (admission.kind === 'answered') return [{ flow, answer: admission.answer }];
      const receiver = readSipUri(request.uri);
      if (receiver?.host === abroad.domain) return [{ flow, answer: abroad.answer(exchange, admission.user) }];
      if (receiver?.host !== realm.name || !realm.passwords.has(receiver.user)) return refuse(404, 'Not Found');
      if (Number(value(request.fields, 'max-forwards') ?? '70') < 1) return refuse(483, 'Too Many Hops');
      const bindings = bindingsOf(receiver.user, nowMs);
      if (bindings.length === 0) return refuse(480, 'Temporarily Unavailable');
      if (relays.size >= mostRelays) return refuse(503, 'too many messages at once');
      const relay: Relay = { exchange, open: new Map() };
      relays.add(relay);
      return bindings.map((binding, index) => {
        const branch = `z9hG4bK-${source.token}-${index}`;
        relay.open.set(branch, binding.flow);
        return { flow: binding.flow, request: forwarded(request, binding.uri, branch), occasion: 'relayed' as const };
      });
    },
    responded({ branch, status, reasonPhrase }) {
      const relay = [...relays].find(({ open }) => open.has(branch));
      if (relay === undefined || status < 200) return [];
      return status < 300 ? settle(relay, 200, 'OK') : close(relay, branch, [status, reasonPhrase]);
    },
    flowClosed(flow) {
      for (const relay of relays) if (relay.exchange.flow === flow) relays.delete(relay);
      return [...relays].flatMap((relay) =>
        [...relay.open]
          .filter(([, open]) => open === flow)
          .flatMap(([branch]) => close(relay, branch, [480, 'Temporarily Unavailable'])),
      );
    },
    crossed: abroad.crossed,
    describe: () => ({ messagesOnTheirWay: relays.size }),
  };
}

/** RFC 3261 section 16.6: the binding as Request-URI, a Via on top, one hop less; what was for the proxy is taken out. */
function forwarded(request: SipRequest, uri: string, branch: string): SipRequest {
  const hops = Number(value(request.fields, 'max-forwards') ?? '70') - 1;
  const kept = request.fields.filter(({ name }) => name !== 'proxy-authorization' && name !== 'max-forwards');
  const own = [
    { name: 'via', value: `SIP/2.0/TLS 127.0.0.1;branch=${branch}` },
    { name: 'max-forwards', value: String(hops) },
  ];
  return { ...request, uri, fields: [...own, ...kept] };
}
