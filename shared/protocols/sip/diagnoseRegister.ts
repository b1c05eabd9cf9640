import { type Diagnosis, diagnosis, ProbeError } from '../../domain/diagnosis.js';
import type { SipAnswer } from './answer.js';
import { diagnoseAnswer } from './diagnoseAnswer.js';
import { headerValues } from './rawMessage.js';

/** A REGISTER that was answered. */
export interface Registration {
  readonly answer: SipAnswer;
  readonly peer: string;
  /** The user part of our Contact: unique to this run, so that it is found among other bindings. */
  readonly contactUser: string;
}

/** RFC 3261 section 10.3: a registrar that took the binding answers 200 and lists it. Throws otherwise. */
export function requireRegistered(registration: Registration): void {
  throwIf(diagnoseAnswer('REGISTER', registration.peer, registration.answer) ?? diagnoseListed(registration, true));
}

/** RFC 3261 section 10.2.2: after a removal the binding is listed no more. Throws otherwise. */
export function requireUnregistered(registration: Registration): void {
  const failed = diagnoseAnswer('REGISTER with Expires: 0', registration.peer, registration.answer);
  throwIf(failed ?? diagnoseListed(registration, false));
}

function diagnoseListed(registration: Registration, expected: boolean): Diagnosis | undefined {
  const { answer, contactUser, peer } = registration;
  if (answer.kind !== 'response') return undefined;
  const contacts = headerValues(answer.message, 'contact');
  const listed = contacts.some((contact) => contact.includes(`sip:${contactUser}@`));
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
