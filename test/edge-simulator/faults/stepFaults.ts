import { answerTo } from '../sip/answer.js';
import type { HeaderField } from '../sip/message.js';
import { value } from '../sip/message.js';
import type { Fault } from './fault.js';

/** A step of a transaction as a server sees it: requests of one method. */
export interface Step {
  /** First part of its faults' names. */
  readonly name: string;
  readonly method: 'SUBSCRIBE' | 'PUBLISH' | 'MESSAGE';
}

/** What can be wrong with the answers of every step: late, silent, dropped, repeated. */
export function answerFaults({ name, method }: Step): readonly Fault[] {
  return [
    {
      name: `${name}-late`,
      description: `answers to ${method} come 12 s late (${name}-late=MS for another delay)`,
      delayMs: 12_000,
      deliver: (actions, { exchange, delayMs }) =>
        exchange.request.method === method ? [{ kind: 'wait', ms: delayMs }, ...actions] : actions,
    },
    {
      name: `${name}-silent`,
      description: `${method} is never answered`,
      deliver: (actions, { exchange }) => (exchange.request.method === method ? [] : actions),
    },
    {
      name: `${name}-close`,
      description: `the connection is closed in place of an answer to ${method}`,
      deliver: (actions, { exchange }) => (exchange.request.method === method ? [{ kind: 'close' }] : actions),
    },
    {
      name: `${name}-answered-twice`,
      description: `every answer to ${method} comes twice`,
      deliver: (actions, { exchange }) => (exchange.request.method === method ? [...actions, ...actions] : actions),
    },
  ];
}

/** The step's requests are answered with this at once, without a challenge and without effect; `only` narrows them down. */
export function refusal(
  { name, method }: Step,
  status: number,
  reasonPhrase: string,
  fields: readonly HeaderField[] = [],
): Fault {
  const extra = fields.map((field) => `, ${field.name}: ${field.value}`).join('');
  return {
    name: `${name}-${status}`,
    description: `${method} is answered ${status} ${reasonPhrase}${extra}`,
    instead: ({ request, source }) =>
      request.method === method ? answerTo(request, source, status, reasonPhrase, fields) : undefined,
  };
}

/** Lifetimes below two minutes are too brief; the answer names the least one. */
export function leastLifetime({ name, method }: Step): Fault {
  const field = { name: 'Min-Expires', value: '120' };
  return {
    name: `${name}-min-expires`,
    description: `${method} for less than 120 s is answered 423 Interval Too Brief, Min-Expires: 120`,
    instead({ request, source }) {
      const seconds = Number(value(request.fields, 'expires') ?? '600');
      const brief = request.method === method && seconds > 0 && seconds < 120;
      return brief ? answerTo(request, source, 423, 'Interval Too Brief', [field]) : undefined;
    },
  };
}
