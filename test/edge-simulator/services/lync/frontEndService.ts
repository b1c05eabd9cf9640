import { answerTo, type SipAnswer } from '../../sip/answer.js';
import { value } from '../../sip/message.js';
import { readNameAddress, readSipUri } from '../../sip/values.js';
import type { Exchange, SipService } from '../service.js';
import type { Doorkeeper } from './digestOrNtlm.js';
import type { LyncBinding } from './lyncBindings.js';
import { type Admitted, type PoolService, refusing } from './poolService.js';
import { destinationOf, type Pool } from './routing.js';

export interface FrontEndServiceOptions {
  readonly door: Doorkeeper;
  readonly pool: Pool;
  /** The Edge's name: what it could not hand on is refused in its name. */
  readonly edgeHost: string;
  /** Asked in this order. */
  readonly services: readonly PoolService[];
}

/** Everything but REGISTER passes here: who sent it, where does it go, which service takes it. */
export function frontEndService(options: FrontEndServiceOptions): SipService {
  const { door, services } = options;
  let disbelieved = 0;
  return {
    methods: [...new Set(services.flatMap(({ methods }) => methods))],
    answer(exchange) {
      const admitted = admit(exchange, options);
      if (!('destination' in admitted)) return [{ flow: exchange.flow, answer: admitted }];
      const service = services.find((one) => one.methods.includes(exchange.request.method) && one.takes(admitted));
      return service?.answer(admitted) ?? [{ flow: exchange.flow, answer: unrouted(admitted, options) }];
    },
    responded(response, nowMs) {
      if (door.believes(response)) return services.flatMap((service) => service.responded?.(response, nowMs) ?? []);
      disbelieved += 1;
      return [];
    },
    expire: (nowMs) => services.flatMap((service) => service.expire?.(nowMs) ?? []),
    crossed: (arrival, nowMs) => services.flatMap((service) => service.crossed?.(arrival, nowMs) ?? []),
    flowClosed: (flow, nowMs) => services.flatMap((service) => service.flowClosed?.(flow, nowMs) ?? []),
    describe: (nowMs) =>
      Object.assign({ disbelievedResponses: disbelieved }, ...services.map((service) => service.describe(nowMs))),
  };
}

/** The endpoint that sent a request and where it goes, or the refusal. */
function admit(exchange: Exchange, { door, pool }: FrontEndServiceOptions): Admitted | SipAnswer {
  const verdict = door.authenticate(exchange);
  if (verdict.kind === 'answered') return verdict.answer;
  const { user } = verdict;
  const from = readSipUri(readNameAddress(value(exchange.request.fields, 'from') ?? '')?.uri ?? '');
  const forbidden = (diagnostics: string): SipAnswer =>
    refusing(exchange, 403, 'Forbidden', `${diagnostics};source="${pool.host}"`);
  if (from?.host !== pool.domain || from.user.toLowerCase() !== user) {
    return forbidden('4004;reason="Credentials may not act as this user"');
  }
  const binding = pool.bindings().find((one) => one.user === user && one.flow === exchange.flow);
  if (binding === undefined) return forbidden('4140;reason="The endpoint is not registered"');
  return { ...exchange, user, binding, destination: destinationOf(exchange.request.uri, pool) };
}

/** The answer where no service takes the request. */
function unrouted(exchange: Admitted, { pool, edgeHost }: FrontEndServiceOptions): SipAnswer {
  const { destination } = exchange;
  switch (destination.kind) {
    case 'foreign':
      return refusing(exchange, 504, 'Server time-out', noFederation(destination.domain, edgeHost));
    case 'unknown-user':
      return refusing(exchange, 404, 'Not Found', unknownUser(exchange, edgeHost));
    case 'endpoint-gone':
      return refusing(exchange, 480, 'Temporarily Unavailable', `1006;reason="Endpoint is gone";source="${pool.host}"`);
    case 'unreadable':
      return refusing(exchange, 400, 'Bad Request', `1018;reason="Parsing failure";source="${pool.host}"`);
    case 'front-end':
    case 'user':
    case 'endpoint':
    case 'service':
      return answerTo(exchange.request, exchange.source, 405, 'Method Not Allowed');
  }
}

/** What a binding's end means to each service. */
export function signedOutOf(services: readonly PoolService[], binding: LyncBinding, nowMs: number) {
  return services.flatMap((service) => service.signedOut?.(binding, nowMs) ?? []);
}

function unknownUser({ request }: Admitted, edgeHost: string): string {
  return request.method === 'INVITE'
    ? `1003;reason="User does not exist";source="${edgeHost}"`
    : `4005;reason="Destination URI either not enabled for SIP or does not exist";source="${edgeHost}"`;
}

function noFederation(domain: string, edgeHost: string): string {
  return `1008;reason="Unable to resolve DNS SRV record";domain="${domain}";dns-srv-result="NegativeResult";dns-source="InternalCache";source="${edgeHost}"`;
}
