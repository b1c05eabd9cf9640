import type { MutualTls } from '../../shared/protocols/net/mutualTls.js';
import type { Connection } from '../../shared/protocols/net/startTls.js';
import type { AccessEdgeTarget } from '../../shared/protocols/net/target.js';
import type { SipAnswer } from '../../shared/protocols/sip/answer.js';
import type { Ports } from '../../shared/run/ports.js';

type FederationPorts = Pick<Ports, 'findFederation' | 'readClientIdentity' | 'startMutualTls' | 'openFederatedPeer'>;

/** A server as federation wants it: it asks for a certificate, refuses whoever has none and answers OPTIONS with `answer`. */
export function fakeFederation(
  calls: string[],
  target: AccessEdgeTarget,
  connection: Connection,
  answer: SipAnswer,
): FederationPorts {
  return {
    async findFederation({ sipDomain }) {
      calls.push(`findFederation ${sipDomain}`);
      return target;
    },
    readClientIdentity: () => ({ cert: 'certificate', key: 'key', host: 'sip.partner.example' }),
    async startMutualTls(_, identity) {
      calls.push(`startMutualTls ${identity?.host ?? 'without a certificate'}`);
      return { ...strictServer, connection, refusal: identity ? undefined : strictServer.refusal };
    },
    openFederatedPeer: () => ({
      peer: connection.peer,
      async options(sipDomain) {
        calls.push(`options ${sipDomain}`);
        return answer;
      },
      close: () => void calls.push('close peer'),
    }),
  };
}

const strictServer: Omit<MutualTls, 'connection'> = {
  asked: true,
  refusal: 'alert handshake_failure',
};
