import type { HeaderField } from '../../sip/message.js';
import type { ClientResponse, Exchange } from '../service.js';
import type { DigestDoor } from './digestDoor.js';
import type { FrontEnd, LyncVerdict } from './frontEnd.js';
import type { LyncPolicy } from './lyncPolicy.js';

/** Who is let in, and what their messages look like. */
export interface Doorkeeper {
  authenticate(exchange: Exchange): LyncVerdict;
  /** Is a client's response from whom it should be? */
  believes(response: ClientResponse): boolean;
  /** The header fields of a message as they leave. */
  seal(flow: number, fields: readonly HeaderField[], status?: number): readonly HeaderField[];
  /** The connection is gone. */
  dropFlow(flow: number): void;
}

/** NTLM, or Digest where the front end offers that alone at the moment; who came in by one of them stays with it. */
export function digestOrNtlm(ntlm: FrontEnd, digest: DigestDoor, policy: () => LyncPolicy): Doorkeeper {
  const isDigest = (flow: number): boolean =>
    digest.knows(flow) || (!ntlm.knows(flow) && policy().offers.every((scheme) => scheme === 'Digest'));
  return {
    authenticate: (exchange) => (isDigest(exchange.flow) ? digest : ntlm).authenticate(exchange),
    believes: (response) => digest.knows(response.flow) || ntlm.believes(response),
    seal: (flow, fields, status) => ntlm.seal(flow, fields, status),
    dropFlow(flow) {
      ntlm.dropFlow(flow);
      digest.dropFlow(flow);
    },
  };
}
