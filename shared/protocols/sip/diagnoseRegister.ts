import { type Diagnosis, diagnosis, ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import type { SipAnswer } from './answer.js';
import { diagnoseAnswer } from './diagnoseAnswer.js';
import { headerValues } from './rawMessage.js';

/** A REGISTER that was answered. */
export interface Registration {
  readonly answer: SipAnswer;
  readonly peer: string;
  /** Text that only our Contact has, so that it is found among other bindings. */
  readonly contactMark: string;
  /** Where the server explains a refusal in words of its own: the diagnosis that they lead to. */
  readonly explained?: Diagnosis | undefined;
}

/** A user agent, as far as signing in and out goes. */
export interface Registrant {
  /**
   * REGISTER with the credentials the server asks for; `expires` 0 removes the binding (RFC 3261 section 10). Throws a
   * `ProbeError` of layer `auth`; every other answer is returned.
   */
  register(options: { readonly expires: number }, scope: Scope): Promise<Registration>;
  /** May the registrar hold a binding of ours? True from the moment a REGISTER went out until it was refused or removed. */
  readonly mayBeRegistered: boolean;
  close(): void;
}

/** RFC 3261 section 10.3: a registrar that took the binding answers 200 and lists it. Throws otherwise. */
export function requireRegistered(registration: Registration): void {
  const { answer, explained, peer } = registration;
  throwIf(explained ?? diagnoseAnswer('REGISTER', peer, answer) ?? diagnoseListed(registration, true));
}

/** RFC 3261 section 10.2.2: after a removal the binding is listed no more. Throws otherwise. */
export function requireUnregistered(registration: Registration): void {
  const { answer, explained, peer } = registration;
  const failed = explained ?? diagnoseAnswer('REGISTER with Expires: 0', peer, answer);
  throwIf(failed ?? diagnoseListed(registration, false));
}

function diagnoseListed(registration: Registration, expected: boolean): Diagnosis | undefined {
  const { answer, contactMark, peer } = registration;
  if (answer.kind !== 'response') return undefined;
  const contacts = headerValues(answer.message, 'contact');
  // Some servers list what they have just removed with no time left.
  const listed = contacts.some(
    (contact) => contact.includes(contactMark) && !/;[ \t]*expires=0*(?:[;,]|$)/i.test(contact),
  );
  if (listed === expected) return undefined;
  return expected
    ? diagnosis('SIP_BINDING_MISSING', {
        error: `${peer} answered 200 to REGISTER, but none of the ${contacts.length} Contact header fields is the binding asked for`,
      })
    : diagnosis('SIP_BINDING_REMAINS', {
        error: `${peer} answered 200 to REGISTER with Expires: 0, but still lists the binding`,
      });
}

function throwIf(found: Diagnosis | undefined): void {
  if (found) throw new ProbeError(found);
}
