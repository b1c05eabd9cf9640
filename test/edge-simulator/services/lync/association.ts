import type { SessionKeys } from '../../../../shared/protocols/lync/ntlm/sessionKeys.js';
import { signText } from '../../../../shared/protocols/lync/ntlm/signature.js';
import type { HeaderField } from '../../sip/message.js';
import type { Parameters } from '../../sip/values.js';
import type { LyncPolicy, SignatureForm } from './lyncPolicy.js';
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

  /** Undefined when a client's message is signed as it should be, otherwise what is wrong; `status` only of a response. */
  check(fields: readonly HeaderField[], parameters: Parameters, status?: number): string | undefined {
    const { keys, version, realm, targetName } = this.agreed;
    const [rand = '', num = '', response = ''] = ['crand', 'cnum', 'response'].map((name) => parameters.get(name));
    if (parameters.get('realm') !== realm || parameters.get('targetname') !== targetName) return 'other names';
    if (!/^[0-9a-f]{8}$/i.test(rand)) return 'crand is not eight hexadecimal digits';
    if (!/^[1-9]\d{0,9}$/.test(num)) return 'cnum is no number';
    const expected = signText(keys.client, signedText(fields, { rand, num, realm, targetName }, version, status));
    if (response.toLowerCase() !== expected) return 'the signature is wrong';
    if (this.#seen.has(Number(num))) return 'cnum was used before';
    this.#seen.add(Number(num));
    return undefined;
  }

  /** The header fields of a message to the client with the server's signature, as the policy wants it. */
  sign(fields: readonly HeaderField[], policy: LyncPolicy, rand: string, status?: number): readonly HeaderField[] {
    const form = formOf(fields, policy, status);
    if (form === 'missing') return fields;
    const { keys, version, realm, targetName, opaque } = this.agreed;
    const num = String(this.#next(form));
    const text = signedText(fields, { rand, num, realm, targetName }, version, status);
    const right = signText(keys.server, text).toUpperCase();
    const rspauth = form === 'wrong' ? `${right.slice(0, 8)}${'0'.repeat(16)}${right.slice(24)}` : right;
    const named = form === 'other-association' ? 'ffffffff' : opaque;
    const value = `NTLM rspauth="${rspauth}", srand="${rand}", snum="${num}", opaque="${named}", qop="auth", targetname="${targetName}", realm="${realm}"`;
    return [...fields, { name: 'Authentication-Info', value }];
  }

  #next(form: SignatureForm): number {
    if (form !== 'replayed' || this.#sent === 0) this.#sent += 1;
    // 1, 3, 2, 5, 4: every number once, but not in order.
    if (form === 'swapped' && this.#sent > 1) return this.#sent % 2 === 0 ? this.#sent + 1 : this.#sent - 1;
    return this.#sent;
  }
}

function formOf(fields: readonly HeaderField[], policy: LyncPolicy, status: number | undefined): SignatureForm {
  const method = fields.find(({ name }) => name.toLowerCase() === 'cseq')?.value.split(/\s+/)[1];
  if (status === undefined) return policy.requestSignature ?? policy.laterSignature ?? policy.signature;
  return method === 'REGISTER' ? policy.signature : (policy.laterSignature ?? policy.signature);
}
