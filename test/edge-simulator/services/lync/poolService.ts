import { answerTo, type SipAnswer } from '../../sip/answer.js';
import { type HeaderField, values } from '../../sip/message.js';
import { readNameAddress, splitOutside } from '../../sip/values.js';
import type { FromXmpp } from '../../xmpp/gateway.js';
import type { ClientResponse, Exchange, Outgoing } from '../service.js';
import type { LyncBinding } from './lyncBindings.js';
import type { Destination } from './routing.js';

/** A request of a user that is signed in, with where it goes. */
export interface Admitted extends Exchange {
  readonly user: string;
  /** The endpoint that sent it. */
  readonly binding: LyncBinding;
  readonly destination: Destination;
}

/** One thing behind the front end, which has checked the signature of what it gets and signs what it sends. */
export interface PoolService {
  /** The methods it takes. */
  readonly methods: readonly string[];
  /** What stands before the @ of its address, in lower case, when it has one. */
  readonly name?: string;
  /** Provisioning groups that tell clients of it: the name and what the group holds, as XML. */
  readonly provisioning?: Readonly<Record<string, string>>;
  /** Is it the one for a request of its methods? */
  takes(exchange: Admitted): boolean;
  answer(exchange: Admitted): readonly Outgoing[];
  responded?(response: ClientResponse, nowMs: number): readonly Outgoing[];
  expire?(nowMs: number): readonly Outgoing[];
  /** Something has come from the XMPP side. Nothing sent means that there is nobody for it. */
  crossed?(arrival: FromXmpp, nowMs: number): readonly Outgoing[];
  /** An endpoint has signed out, or its registration or connection has ended. */
  signedOut?(binding: LyncBinding, nowMs: number): readonly Outgoing[];
  flowClosed?(flow: number, nowMs: number): readonly Outgoing[];
  /** For GET /state: nothing secret. */
  describe(nowMs: number): Readonly<Record<string, unknown>>;
}

/** A refusal with what ms-diagnostics says about it. */
export function refusing(
  { request, source }: Exchange,
  status: number,
  reasonPhrase: string,
  diagnostics: string,
): SipAnswer {
  return answerTo(request, source, status, reasonPhrase, [{ name: 'ms-diagnostics', value: diagnostics }]);
}

/** The items of a header field that is a list, over all its lines. */
export function listed(fields: readonly HeaderField[], name: string): readonly string[] {
  return values(fields, name).flatMap((text) => splitOutside(text, ','));
}

/** A parameter of the address in From or To; empty when it is not there. */
export function parameterOf(text: string | undefined, name: string): string {
  return readNameAddress(text ?? '')?.parameters.get(name) ?? '';
}
