import type { SessionKeys } from '../../../../shared/protocols/lync/ntlm/sessionKeys.js';
import { signText } from '../../../../shared/protocols/lync/ntlm/signature.js';
import type { SipAnswer } from '../../sip/answer.js';
import type { SipRequest } from '../../sip/message.js';
import type { Parameters } from '../../sip/values.js';
import type { LyncPolicy } from './lyncPolicy.js';
import { signedText } from './signedText.js';

/** What the front end and one client agreed on. */
export interface Agreed {
  readonly opaque: string;
  readonly realm: string;
  readonly targetName: string;
  readonly version: 2 | 3 | 4;
  readonly keys: SessionKeys;
  /** The user whose password was proved. */
  readonly user: string;
  readonly flow: number;
}

/** The server's side of a security association (MS-SIPAE 3.2). */
export class ServerAssociation {
  readonly agreed: Agreed;
  readonly #seen = new Set<number>();
  #sent = 0;

  constructor(agreed: Agreed) {
    this.agreed = agreed;
  }

  /** Undefined when the request is signed as it should be, otherwise what is wrong. */
  check(request: SipRequest, parameters: Parameters): string | undefined {
    const { keys, version, realm, targetName } = this.agreed;
    const [rand = '', num = '', response = ''] = ['crand', 'cnum', 'response'].map((name) => parameters.get(name));
    if (parameters.get('realm') !== realm || parameters.get('targetname') !== targetName) return 'other names';
    if (!/^[0-9a-f]{8}$/i.test(rand)) return 'crand is not eight hexadecimal digits';
    if (!/^[1-9]\d{0,9}$/.test(num)) return 'cnum is no number';
    const expected = signText(keys.client, signedText(request.fields, { rand, num, realm, targetName }, version));
    if (response.toLowerCase() !== expected) return 'the signature is wrong';
    if (this.#seen.has(Number(num))) return 'cnum was used before';
    this.#seen.add(Number(num));
    return undefined;
  }

  /** The answer with the server's signature, as the policy wants it. */
  sign(answer: SipAnswer, policy: LyncPolicy, rand: string): SipAnswer {
    if (policy.signature === 'missing') return answer;
    const { keys, version, realm, targetName, opaque } = this.agreed;
    if (policy.signature !== 'replayed' || this.#sent === 0) this.#sent += 1;
    const num = String(this.#sent);
    const text = signedText(answer.fields, { rand, num, realm, targetName }, version, answer.status);
    const right = signText(keys.server, text).toUpperCase();
    const rspauth = policy.signature === 'wrong' ? `${right.slice(0, 8)}${'0'.repeat(16)}${right.slice(24)}` : right;
    const named = policy.opaqueChanges ? 'ffffffff' : opaque;
    const value = `NTLM rspauth="${rspauth}", srand="${rand}", snum="${num}", opaque="${named}", qop="auth", targetname="${targetName}", realm="${realm}"`;
    return { ...answer, fields: [...answer.fields, { name: 'Authentication-Info', value }] };
  }
}
