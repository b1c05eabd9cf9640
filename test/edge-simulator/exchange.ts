import { type Action, send } from './faults/action.js';
import { answerInstead, arranged, deliveryOf, type Seal, sendingOf } from './faults/active.js';
import type { ActiveFault } from './faults/fault.js';
import type { ClientResponse, Exchange, Outgoing, SipService } from './services/service.js';
import { answerTo, type Source, writeAnswer } from './sip/answer.js';
import type { Frame } from './sip/framing.js';
import { type HeaderField, type Reading, readMessage, value, values } from './sip/message.js';
import type { Tally } from './tally.js';

/** What to do on one connection. */
export interface Delivery {
  readonly flow: number;
  readonly actions: readonly Action[];
}

/** Where a frame came from. */
export interface Origin {
  readonly source: Source;
  readonly flow: number;
  readonly nowMs: number;
}

/** Everything that takes part in an answer. */
export interface Responders {
  readonly services: readonly SipService[];
  readonly active: readonly ActiveFault[];
  readonly tally: Tally;
}

/** Turns one frame into what is to be sent: through the faults to the service that takes the method, and back. */
export function respond(frame: Frame, origin: Origin, responders: Responders): readonly Delivery[] {
  const { tally } = responders;
  if (frame.kind === 'ping') {
    tally.keepAlives += 1;
    return [{ flow: origin.flow, actions: [send('\r\n')] }];
  }
  const reading = readMessage(frame.head ?? '', frame.kind === 'message' ? frame.body : '');
  if (frame.kind === 'broken') {
    return malformed(frame.reason, reading.kind === 'request' ? reading.request.fields : [], origin, tally);
  }
  switch (reading.kind) {
    case 'response':
      return responded(reading, origin, responders);
    case 'malformed':
      return malformed(reading.reason, reading.fields, origin, tally);
    case 'request':
      tally.request(reading.request.method);
      return answered({ ...origin, request: reading.request }, responders);
  }
}

function answered(exchange: Exchange, { services, active, tally }: Responders): readonly Delivery[] {
  if (exchange.request.method === 'ACK') {
    // RFC 3261 section 17.1.1.3: an ACK is never answered. It may be handed on.
    const outgoing = fromService(exchange, services).filter((one) => 'request' in one);
    return deliver(outgoing, { services, active, tally }, exchange);
  }
  const instead = answerInstead(active, exchange);
  const outgoing = instead === undefined ? fromService(exchange, services) : [{ flow: exchange.flow, answer: instead }];
  return deliver(outgoing, { services, active, tally }, exchange);
}

/** What services send of themselves, through the faults: after a time, an answer of a client or the end of a connection. */
export function deliverUnasked(outgoing: readonly Outgoing[], responders: Responders): readonly Delivery[] {
  return deliver(outgoing, responders);
}

/** A client may also answer what a fault sent it; nobody waits for that. */
function responded(
  reading: Extract<Reading, { kind: 'response' }>,
  { flow, nowMs }: Origin,
  responders: Responders,
): readonly Delivery[] {
  const branch = /;\s*branch=([^;\s,]+)/i.exec(value(reading.fields, 'via') ?? '')?.[1] ?? '';
  const { status, reasonPhrase, fields, body } = reading;
  responders.tally.response(status);
  const response: ClientResponse = { branch, status, reasonPhrase, fields, body, flow };
  return deliver(
    responders.services.flatMap((service) => service.responded?.(response, nowMs) ?? []),
    responders,
  );
}

function deliver(
  outgoing: readonly Outgoing[],
  { services, active, tally }: Responders,
  at?: Exchange,
): readonly Delivery[] {
  return arranged(active, outgoing, at).flatMap((one) => {
    const { flow } = one;
    const seal: Seal = (fields, status) =>
      services.reduce((sealed, service) => service.seal?.(flow, sealed, status) ?? sealed, fields);
    if ('request' in one) return [{ flow, actions: sendingOf(active, one, seal) }];
    const exchange = one.to ?? at;
    if (exchange === undefined) return [];
    tally.answer(one.answer.status);
    return [{ flow, actions: deliveryOf(active, one.answer, exchange, seal) }];
  });
}

function fromService(exchange: Exchange, services: readonly SipService[]): readonly Outgoing[] {
  const service = services.find(({ methods }) => methods.includes(exchange.request.method));
  if (service !== undefined) return service.answer(exchange);
  const allow = { name: 'Allow', value: services.flatMap(({ methods }) => methods).join(', ') };
  const { request, source, flow } = exchange;
  return [{ flow, answer: answerTo(request, source, 405, 'Method Not Allowed', [allow]) }];
}

/** RFC 3261 section 21.4.1: 400 says what is wrong. The connection is closed: what follows cannot be trusted to be a message. */
function malformed(
  reason: string,
  fields: readonly HeaderField[],
  { source, flow }: Origin,
  tally: Tally,
): readonly Delivery[] {
  tally.malformed += 1;
  const close: Action = { kind: 'close' };
  // Without a Via there is nobody to answer.
  if (values(fields, 'via').length === 0) return [{ flow, actions: [close] }];
  tally.answer(400);
  return [{ flow, actions: [send(writeAnswer(answerTo({ fields }, source, 400, reason))), close] }];
}
