import type { SipService } from '../service.js';
import type { LyncPolicy } from './lyncPolicy.js';

/** The registrar that fits what the front end offers at the moment: with Digest alone it is the one of the open standards. */
export function digestOrNtlm(ntlm: SipService, digest: SipService, policy: () => LyncPolicy): SipService {
  const chosen = (): SipService => (policy().offers.includes('Digest') ? digest : ntlm);
  return {
    methods: ntlm.methods,
    answer: (exchange) => chosen().answer(exchange),
    flowClosed: (flow) => [...ntlm.flowClosed(flow), ...digest.flowClosed(flow)],
    describe: (nowMs) => chosen().describe(nowMs),
  };
}
