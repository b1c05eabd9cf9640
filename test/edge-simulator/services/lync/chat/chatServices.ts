import { answerTo } from '../../../sip/answer.js';
import { sequenceOf } from '../../../sip/message.js';
import { sequenceStep } from '../../presenceState.js';
import type { ClientResponse, Outgoing } from '../../service.js';
import { isInDialog } from '../im/dialogs.js';
import { type Admitted, type PoolService, refusing } from '../poolService.js';
import type { Pool } from '../routing.js';
import { ChatDesk, type ForSession } from './chatDesk.js';
import { envelopeOf, readClient } from './chatDocuments.js';
import { accepted, addressOf, begun, flawOf, isIn, refreshed, requestIn, type Session } from './chatSessions.js';

/** The address that clients are told, and the server that it sends them to. */
const lookUp = 'GC-1-PersistentChatService-2';
const server = 'gc01';
const methods = ['INVITE', 'ACK', 'INFO', 'UPDATE', 'BYE'];
const mostSessions = 100;

/**
 * Persistent Chat (MS-XCCOSIP): the look-up address and the server, both with the same rooms. A client that asks the first one where to
 * go is sent to the second; whoever does not ask is served there as well.
 */
export function chatServices(pool: Pool): readonly PoolService[] {
  const desk = new ChatDesk({ domain: pool.domain, users: pool.users, serverUri: addressOf(server, pool) });
  const sessions = new Map<string, Session>();
  const lastHeard = new Map<string, number>();
  let envelope = 7_962_449_779_256_945_056n;

  const sent = (parts: readonly ForSession[]): readonly Outgoing[] =>
    parts.flatMap(({ session: name, part, occasion }) => {
      const session = sessions.get(name);
      if (session === undefined) return [];
      envelope += 1n;
      sessions.set(name, { ...session, sequence: session.sequence + sequenceStep });
      return [requestIn(session, pool, 'INFO', occasion, envelopeOf(envelope, part))];
    });

  /** The session is gone, whoever ended it; the others in its rooms are told. */
  const forget = (name: string): readonly Outgoing[] => {
    sessions.delete(name);
    lastHeard.delete(name);
    return sent(desk.drop(name));
  };

  const invite = (exchange: Admitted, service: string): readonly Outgoing[] => {
    const { flow } = exchange;
    const refuse = (status: number, reason: string, diagnostics: string): readonly Outgoing[] => [
      { flow, answer: refusing(exchange, status, reason, `${diagnostics};source="${service}.${pool.domain}"`) },
    ];
    if (isInDialog(exchange.request)) return refuse(488, 'Not Acceptable Here', '20003;reason="Rejected session"');
    if (sessions.size >= mostSessions) return refuse(503, 'Service Unavailable', '20000;reason="Chat service busy"');
    const session = begun(exchange, service);
    if (!session) return refuse(400, 'Bad Request', '20002;reason="Missing participant information"');
    sessions.set(session.localTag, session);
    lastHeard.set(session.localTag, sequenceOf(exchange.request));
    return [{ flow, answer: accepted(exchange, service, pool) }];
  };

  const inSession = (exchange: Admitted): readonly Outgoing[] => {
    const { request, source, flow, user, nowMs } = exchange;
    const answer = (status: number, reason: string): Outgoing => ({
      flow,
      answer: answerTo(request, source, status, reason),
    });
    const [name, session] = [...sessions].find(([, one]) => isIn(exchange, one)) ?? [];
    if (name === undefined || session === undefined) return [answer(481, 'Call Leg/Transaction Does Not Exist')];
    const flaw = flawOf(exchange, session, pool, lastHeard.get(name) ?? 0);
    if (flaw !== undefined) return [answer(500, flaw)];
    lastHeard.set(name, sequenceOf(request));
    switch (request.method) {
      case 'BYE':
        return [answer(200, 'OK'), ...forget(name)];
      case 'UPDATE':
        sessions.set(name, refreshed(session, nowMs));
        return [{ flow, answer: accepted(exchange, session.service, pool) }];
      default: {
        const elements = readClient(request.body);
        if (elements === undefined) return [answer(400, 'no envelope')];
        const asker = { session: name, user };
        return [answer(200, 'OK'), ...elements.flatMap((element) => sent(desk.take(element, asker, nowMs)))];
      }
    }
  };

  const service = (written: string, more: Partial<PoolService>): PoolService => {
    const name = written.toLowerCase();
    return {
      name,
      methods,
      takes: ({ destination }) => destination.kind === 'service' && destination.name === name,
      answer(exchange) {
        if (exchange.request.method === 'ACK') return [];
        return exchange.request.method === 'INVITE' ? invite(exchange, written) : inSession(exchange);
      },
      describe: () => ({}),
      ...more,
    };
  };

  const endWhere = (over: (session: Session) => boolean, bye: boolean): readonly Outgoing[] =>
    [...sessions].flatMap(([name, session]): readonly Outgoing[] => {
      if (!over(session)) return [];
      const last = bye ? [requestIn(session, pool, 'BYE', 'chat-end')] : [];
      return [...last, ...forget(name)];
    });

  const named =
    ({ branch }: ClientResponse) =>
    (session: Session) =>
      branch.startsWith(`z9hG4bK-${session.localTag}-`);

  return [
    service(server, {
      // A client that knows nothing of the session it is sent something in has left it.
      responded: (response) => ([481, 487].includes(response.status) ? endWhere(named(response), false) : []),
      expire: (nowMs) => endWhere(({ expiresAtMs }) => expiresAtMs <= nowMs, true),
      signedOut: (binding) => endWhere(({ user, flow }) => user === binding.user && flow === binding.flow, false),
      flowClosed: (flow) => endWhere((session) => session.flow === flow, false),
      describe: () => ({
        chatSessions: [...sessions.values()].map(({ user, service: called }) => `${user} ${called}`),
        chatRooms: desk.describe(),
      }),
    }),
    service(lookUp, { provisioning: { persistentChatConfiguration: settingsOf(pool) } }),
  ];
}

/** What the front end tells every user of it. */
function settingsOf(pool: Pool): string {
  const properties = [
    ['EnablePersistentChat', 'true'],
    ['DefaultPersistentChatPoolUri', addressOf(lookUp, pool)],
  ];
  const entries = properties.map(([name, text]) => `<property name="${name}">${text}</property>`).join('');
  return `<propertyEntryList>${entries}</propertyEntryList>`;
}
