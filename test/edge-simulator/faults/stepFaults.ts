import { answerTo } from '../sip/answer.js';
import { type HeaderField, type SipRequest, value } from '../sip/message.js';
import type { Fault } from './fault.js';

/** A step of a transaction as a server sees it: requests of one kind. */
export interface Step {
  /** First part of its faults' names. */
  readonly name: string;
  /** The requests, as descriptions call them. */
  readonly what: string;
  readonly is: (request: SipRequest) => boolean;
}

/** All requests of a method. */
export function methodStep(name: string, method: string): Step {
  return { name, what: method, is: (request) => request.method === method };
}

/** What can be wrong with the answers of every step: late, silent, dropped, repeated. */
export function answerFaults({ name, what, is }: Step): readonly Fault[] {
  return [
    {
      name: `${name}-late`,
      description: `answers to ${what} come 12 s late (${name}-late=MS for another delay)`,
      delayMs: 12_000,
      deliver: (actions, { exchange, delayMs }) =>
        is(exchange.request) ? [{ kind: 'wait', ms: delayMs }, ...actions] : actions,
    },
    {
      name: `${name}-silent`,
      description: `${what} is never answered`,
      deliver: (actions, { exchange }) => (is(exchange.request) ? [] : actions),
    },
    {
      name: `${name}-close`,
      description: `the connection is closed in place of an answer to ${what}`,
      deliver: (actions, { exchange }) => (is(exchange.request) ? [{ kind: 'close' }] : actions),
    },
    {
      name: `${name}-answered-twice`,
      description: `every answer to ${what} comes twice`,
      deliver: (actions, { exchange }) => (is(exchange.request) ? [...actions, ...actions] : actions),
    },
  ];
}

/** The step's requests are answered with this at once, without a challenge and without effect; `only` narrows them down. */
export function refusal(
  { name, what, is }: Step,
  status: number,
  reasonPhrase: string,
  fields: readonly HeaderField[] = [],
): Fault {
  const extra = fields.map((field) => `, ${field.name}: ${field.value.split(';')[0]}`).join('');
  return {
    name: `${name}-${status}`,
    description: `${what} is answered ${status} ${reasonPhrase}${extra}`,
    instead: ({ request, source }) =>
      is(request) ? answerTo(request, source, status, reasonPhrase, fields) : undefined,
  };
}

/** Lifetimes below two minutes are too brief; the answer names the least one. */
export function leastLifetime({ name, what, is }: Step): Fault {
  const field = { name: 'Min-Expires', value: '120' };
  return {
    name: `${name}-min-expires`,
    description: `${what} for less than 120 s is answered 423 Interval Too Brief, Min-Expires: 120`,
    instead({ request, source }) {
      const seconds = Number(value(request.fields, 'expires') ?? '600');
      const brief = is(request) && seconds > 0 && seconds < 120;
      return brief ? answerTo(request, source, 423, 'Interval Too Brief', [field]) : undefined;
    },
  };
}
