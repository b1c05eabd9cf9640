import { answerTo } from '../../../sip/answer.js';
import { value, values } from '../../../sip/message.js';
import { readSipUri } from '../../../sip/values.js';
import type { FromXmpp, Gateway } from '../../../xmpp/gateway.js';
import type { Outgoing } from '../../service.js';
import { isInDialog } from '../im/dialogs.js';
import { type Admitted, type PoolService, refusing } from '../poolService.js';
import type { Pool } from '../routing.js';
import { accepted, begun, type GatewaySession, isIn, requestIn, routeOf } from './gatewaySession.js';

const mostSessions = 100;

/**
 * The XMPP gateway of the pool as its users meet it (MS-SIP): a user agent that takes sessions for users of the XMPP domain and
 * hands on what is said in them. A 200 to MESSAGE means that the gateway has it, and nothing more.
 */
export function gatewayService(gateway: Gateway, pool: Pool): PoolService {
  /** By the gateway's own tag. */
  const sessions = new Map<string, GatewaySession>();

  const invite = (exchange: Admitted): readonly Outgoing[] => {
    const { request, source, flow } = exchange;
    const refuse = (status: number, reason: string, diagnostics: string): readonly Outgoing[] => [
      { flow, answer: refusing(exchange, status, reason, `${diagnostics};source="${pool.host}"`) },
    ];
    if (gateway.state === 'not-allowed') {
      return refuse(403, 'Forbidden', '1002;reason="From user is not authorized to talk to federated users"');
    }
    if (gateway.state === 'stopped' || sessions.size >= mostSessions) {
      return refuse(480, 'Temporarily Unavailable', '1038;reason="Failed to connect to a peer server"');
    }
    if (isInDialog(request)) return [{ flow, answer: answerTo(request, source, 488, 'Not Acceptable Here') }];
    const called = readSipUri(request.uri);
    const session = called && begun(exchange, `${called.user.toLowerCase()}@${called.host}`);
    if (session === undefined) return [{ flow, answer: answerTo(request, source, 400, 'Contact cannot be read') }];
    sessions.set(session.localTag, session);
    return [{ flow, answer: accepted(exchange, session.partner, pool) }];
  };

  const inSession = (exchange: Admitted): readonly Outgoing[] => {
    const { request, source, flow } = exchange;
    const answer = (status: number, reason: string): readonly Outgoing[] => [
      { flow, answer: answerTo(request, source, status, reason) },
    ];
    const session = [...sessions.values()].find((one) => isIn(exchange, one));
    const throughHere = values(request.fields, 'route').some((route) => route.includes(routeOf(pool)));
    if (session === undefined || !throughHere) return answer(481, 'Call Leg/Transaction Does Not Exist');
    if (request.method === 'BYE') {
      sessions.delete(session.localTag);
      return answer(200, 'OK');
    }
    if (session.ended) return answer(481, 'Call Leg/Transaction Does Not Exist');
    if (request.method !== 'MESSAGE') return answer(200, 'OK');
    const type = value(request.fields, 'content-type') ?? '';
    if (!/^text\/plain\b/i.test(type)) return answer(415, 'Unsupported Media Type');
    gateway.send(session.user, session.partner, request.body, source.token);
    return answer(200, 'OK');
  };

  const inTurn = (session: GatewaySession, ended = false): void => {
    sessions.set(session.localTag, { ...session, sequence: session.sequence + 1, ended });
  };

  const crossed = (arrival: FromXmpp): readonly Outgoing[] => {
    const session = [...sessions.values()].findLast(
      ({ user, partner, ended }) => user === arrival.user && partner === arrival.from && !ended,
    );
    if (session === undefined) return [];
    const isText = arrival.kind === 'message';
    inTurn(session, !isText);
    if (isText) return [requestIn(session, pool, 'MESSAGE', { body: arrival.text })];
    const reason = { name: 'Reason', value: `SIP;cause=480;text="XMPP: ${arrival.condition}"` };
    return [requestIn(session, pool, 'BYE', { fields: [reason] })];
  };

  const forget = (over: (session: GatewaySession) => boolean): readonly Outgoing[] => {
    for (const [tag, session] of sessions) if (over(session)) sessions.delete(tag);
    return [];
  };

  return {
    methods: ['INVITE', 'ACK', 'MESSAGE', 'INFO', 'BYE'],
    // Without a gateway the domain is one like any other, which the Edge then looks for in vain.
    takes: ({ destination }) =>
      destination.kind === 'foreign' && destination.domain === gateway.partnerDomain && gateway.state !== 'missing',
    answer(exchange) {
      if (exchange.request.method === 'ACK') return [];
      return exchange.request.method === 'INVITE' ? invite(exchange) : inSession(exchange);
    },
    crossed,
    signedOut: (binding) => forget(({ user, flow }) => user === binding.user && flow === binding.flow),
    flowClosed: (flow) => forget((session) => session.flow === flow),
    describe: () => ({ gatewaySessions: [...sessions.values()].map(({ user, partner }) => `${user} ${partner}`) }),
  };
}
