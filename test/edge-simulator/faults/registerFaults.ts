import { defaultExpiresSeconds, readRegister } from '../services/registerRequest.js';
import type { Exchange } from '../services/service.js';
import { answerTo, type SipAnswer } from '../sip/answer.js';
import type { HeaderField } from '../sip/message.js';
import type { Fault } from './fault.js';

/** REGISTER is answered with this at once, without a challenge and without a change to the bindings. */
function rejection(status: number, reasonPhrase: string, fields: readonly HeaderField[] = []): Fault {
  const extra = fields.map((field) => `, ${field.name}: ${field.value}`).join('');
  return {
    name: `${status === 302 ? 'redirect' : 'register'}-${status}`,
    description: `REGISTER is answered ${status} ${reasonPhrase}${extra}`,
    instead: ({ request, source }) =>
      request.method === 'REGISTER' ? answerTo(request, source, status, reasonPhrase, fields) : undefined,
  };
}

/** Faults of the registrar: refusals, and bindings that are not as the answer should say. */
export const registerFaults: readonly Fault[] = [
  rejection(302, 'Moved Temporarily', [{ name: 'Contact', value: '<sip:elsewhere.contoso.test;transport=tls>' }]),
  rejection(400, 'Bad Request'),
  rejection(403, 'Forbidden'),
  rejection(404, 'Not Found'),
  rejection(408, 'Request Timeout'),
  rejection(423, 'Interval Too Brief', [{ name: 'Min-Expires', value: '7200' }]),
  rejection(480, 'Temporarily Unavailable'),
  rejection(500, 'Server Internal Error'),
  rejection(503, 'Service Unavailable', [{ name: 'Retry-After', value: '30' }]),
  rejection(504, 'Server Time-out'),
  {
    name: 'binding-missing',
    description: 'REGISTER is answered 200 without the binding it asked for',
    change: (answer, exchange) => (isAccepted(answer, exchange) ? withContacts(answer, []) : answer),
  },
  {
    name: 'binding-remains',
    description: 'the removal of a binding is answered 200 with the binding still listed',
    change: (answer, exchange) =>
      isAccepted(answer, exchange) && isRemoval(exchange) ? withContacts(answer, remaining(exchange)) : answer,
  },
];

function isAccepted(answer: SipAnswer, { request }: Exchange): boolean {
  return answer.status === 200 && request.method === 'REGISTER';
}

function isRemoval({ request }: Exchange): boolean {
  const wish = readRegister(request);
  if (wish.kind === 'change') return wish.contacts.some((contact) => contact.expiresSeconds === 0);
  return wish.kind === 'remove-all';
}

function remaining({ request, source }: Exchange): readonly string[] {
  const wish = readRegister(request);
  if (wish.kind === 'change') return wish.contacts.map((contact) => `<${contact.uri}>${contact.parameters}`);
  // Contact: * names no binding: one that the client has not made remains.
  return [`<sip:remains@${source.address}:${source.port}>`];
}

function withContacts(answer: SipAnswer, contacts: readonly string[]): SipAnswer {
  const others = answer.fields.filter((field) => field.name !== 'Contact');
  const listed = contacts.map((text) => ({ name: 'Contact', value: `${text};expires=${defaultExpiresSeconds}` }));
  return { ...answer, fields: [...others, ...listed] };
}
