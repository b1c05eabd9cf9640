import { type SipRequest, sequenceOf, value } from '../../../sip/message.js';
import { parameterOf } from '../poolService.js';

const most = 1000;

/** A bounded memory: what was noted first is forgotten first. */
export class Noted {
  readonly #keys = new Set<string>();

  add(key: string): void {
    const [oldest] = this.#keys;
    if (this.#keys.size >= most && oldest !== undefined) this.#keys.delete(oldest);
    this.#keys.add(key);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  delete(key: string): void {
    this.#keys.delete(key);
  }

  get size(): number {
    return this.#keys.size;
  }
}

/** The name of a dialog (RFC 3261 section 12): the same for both sides of it. */
export function dialogOf(fields: SipRequest['fields']): string {
  const tags = ['from', 'to'].map((name) => parameterOf(value(fields, name), 'tag'));
  return [value(fields, 'call-id') ?? '', ...tags.sort()].join(' ');
}

/** Is a request part of a dialog that exists already? */
export function isInDialog({ fields }: SipRequest): boolean {
  return parameterOf(value(fields, 'to'), 'tag') !== '';
}

/** Do a CANCEL and an INVITE differ in nothing but the method (RFC 3261 section 9.1)? */
export function isSameTransaction(invite: SipRequest, cancel: SipRequest): boolean {
  const [one, other] = [invite, cancel].map((request) =>
    [value(request.fields, 'call-id'), parameterOf(value(request.fields, 'from'), 'tag'), sequenceOf(request)].join(
      ' ',
    ),
  );
  return one === other;
}
