import type { SipAnswer } from '../sip/answer.js';
import type { Fault } from './fault.js';

/** Faults of authentication: who is asked, with what, and whether an answer is ever right. */
export const challengeFaults: readonly Fault[] = [
  {
    name: 'no-challenge',
    description: 'signs everybody in without asking for a password',
    policy: { challenge: 'nobody' },
  },
  {
    name: 'challenge-407',
    description: 'asks as a proxy does: 407 and Proxy-Authenticate',
    policy: { challenge: 407 },
  },
  { name: 'challenge-md5-only', description: 'offers digest with MD5 alone', policy: { algorithms: ['MD5'] } },
  {
    name: 'challenge-sha256-only',
    description: 'offers digest with SHA-256 alone',
    policy: { algorithms: ['SHA-256'] },
  },
  { name: 'stale-nonce', description: 'the first nonce of every sign-in is stale once', policy: { stale: 'first' } },
  { name: 'stale-forever', description: 'every nonce is stale, whatever its age', policy: { stale: 'always' } },
  {
    name: 'challenge-loop',
    description: 'right credentials are challenged again, as wrong ones are',
    policy: { neverSatisfied: true },
  },
  {
    name: 'algorithm-unknown',
    description: 'offers digest with the algorithm MD6 alone',
    policy: { algorithms: ['MD5'] },
    change: (answer) => rewritten(answer, isChallenge, (text) => text.replace(/algorithm=[\w-]+/, 'algorithm=MD6')),
  },
  {
    name: 'qop-unknown',
    description: 'offers digest with the protection auth-conf alone',
    change: (answer) => rewritten(answer, isChallenge, (text) => text.replace('qop="auth"', 'qop="auth-conf"')),
  },
  {
    name: 'scheme-ntlm-only',
    description: 'offers NTLM alone',
    policy: { algorithms: ['MD5'] },
    change: (answer) =>
      rewritten(
        answer,
        isChallenge,
        () => 'NTLM realm="SIP Communications Service", targetname="sip.contoso.test", version=4',
      ),
  },
  {
    name: 'challenge-malformed',
    description: 'the challenge has no nonce and a quote that never ends',
    policy: { algorithms: ['MD5'] },
    change: (answer) => rewritten(answer, isChallenge, () => 'Digest realm="contoso.test, qop=, algorithm'),
  },
  {
    name: 'challenge-missing',
    description: 'answers 401 without a challenge',
    change: (answer) => ({ ...answer, fields: answer.fields.filter((field) => !isChallenge(field.name)) }),
  },
  {
    name: 'server-proof-wrong',
    description: 'the rspauth of Authentication-Info is not made from the password',
    change: (answer) =>
      rewritten(
        answer,
        (name) => name === 'Authentication-Info',
        (text) => text.replace(/rspauth="([^"]*)"/, (_, proof: string) => `rspauth="${'0'.repeat(proof.length)}"`),
      ),
  },
];

function isChallenge(name: string): boolean {
  return name === 'WWW-Authenticate' || name === 'Proxy-Authenticate';
}

function rewritten(
  answer: SipAnswer,
  concerns: (name: string) => boolean,
  rewrite: (text: string) => string,
): SipAnswer {
  const fields = answer.fields.map((field) =>
    concerns(field.name) ? { name: field.name, value: rewrite(field.value) } : field,
  );
  return { ...answer, fields };
}
