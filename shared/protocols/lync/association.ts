import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../domain/diagnosis.js';
import type { Inspection } from '../sip/messageGuard.js';
import { headerValue, headerValues, type RawMessage, statusOf } from '../sip/rawMessage.js';
import { type AssociationNames, type GssapiHeader, readGssapiHeader, signatureParameters } from './gssapiHeader.js';
import type { SessionKeys } from './ntlm/sessionKeys.js';
import { signText } from './ntlm/signature.js';
import { ReplayWindow } from './replayWindow.js';
import { type SignatureVersion, signatureBuffer } from './signatureBuffer.js';

/** What both sides agreed on when they authenticated each other. */
export interface Agreement {
  readonly names: AssociationNames;
  readonly version: SignatureVersion;
  /** The server's name for the association. */
  readonly opaque: string;
  readonly keys: SessionKeys;
}

const mostNoted = 10;

/** A security association of NTLM (MS-SIPAE 3.1): signs what goes out and checks what comes in. */
export class SecurityAssociation {
  readonly agreement: Agreement;
  readonly #makeRand: () => string;
  readonly #seen = new ReplayWindow();
  readonly #dropped: string[] = [];
  #count = 0;
  #proven = false;

  constructor(agreement: Agreement, makeRand: () => string) {
    this.agreement = agreement;
    this.#makeRand = makeRand;
  }

  /** Has the server proved by a signature that it knows the password? */
  get proven(): boolean {
    return this.#proven;
  }

  /** The start lines of requests that came without a signature and were not taken; no more than ten. */
  get dropped(): readonly string[] {
    return this.#dropped;
  }

  /** The signature of a message that goes out, as parameters of its authentication header. Numbers are given in this order. */
  sign(message: RawMessage): string {
    const { names, version, keys } = this.agreement;
    this.#count += 1;
    const rand = this.#makeRand();
    const signed = { scheme: 'NTLM', rand, num: String(this.#count), ...names };
    return signatureParameters(rand, this.#count, signText(keys.client, signatureBuffer(message, signed, version)));
  }

  /** What to do with a message that came in (MS-SIPAE 3.2.5). */
  inspect(message: RawMessage): Inspection {
    const status = statusOf(message)?.status;
    // Provisional responses and challenges are never signed.
    if (status !== undefined && (status < 200 || status === 401 || status === 407)) return pass;
    const header = proofOf(message);
    return header ? this.#check(message, header) : this.#unsigned(message, status);
  }

  #check(message: RawMessage, { scheme, parameters }: GssapiHeader): Inspection {
    const { names, version, opaque, keys } = this.agreement;
    const [rand = '', num = '', proof = ''] = ['srand', 'snum', 'rspauth'].map((name) => parameters.get(name));
    const theirs = parameters.get('opaque');
    if (theirs !== opaque) {
      return refuse(
        'AUTH_ASSOCIATION_CHANGED',
        `${nameOf(message)} names another security association than the sign-in`,
      );
    }
    const realm = parameters.get('realm') ?? names.realm;
    const targetName = parameters.get('targetname') ?? names.targetName;
    const expected = signText(keys.server, signatureBuffer(message, { scheme, rand, num, realm, targetName }, version));
    if (proof.toLowerCase() !== expected) {
      return refuse(
        'AUTH_SIGNATURE_WRONG',
        `the signature of ${nameOf(message)} is not the one that its content should have`,
      );
    }
    if (!this.#seen.take(num)) {
      return refuse(
        'AUTH_MESSAGE_REPLAYED',
        `${nameOf(message)} bears the number ${num}, which came before or long ago`,
      );
    }
    this.#proven = true;
    return pass;
  }

  /** An Edge that refuses a request by itself holds no key. What is no refusal must be signed. */
  #unsigned(message: RawMessage, status: number | undefined): Inspection {
    if (status === undefined) {
      if (this.#dropped.length < mostNoted) this.#dropped.push(message.startLine);
      return { kind: 'drop' };
    }
    if (status >= 300) return pass;
    if (!this.#proven) {
      return refuse(
        'AUTH_SERVER_PROOF_MISSING',
        `${nameOf(message)} has no signature: the server did not prove who it is`,
      );
    }
    // Whether a removal was signed is told by a warning: the account is signed out either way.
    if (isRegister(message)) return pass;
    return refuse(
      'AUTH_MESSAGE_UNSIGNED',
      `${nameOf(message)} has no signature although the sign-in agreed on signatures`,
    );
  }
}

const pass: Inspection = { kind: 'pass' };

/** The server's signature; undefined where there is none, or a part of it is missing. */
export function proofOf(message: RawMessage): GssapiHeader | undefined {
  return ['authentication-info', 'proxy-authentication-info']
    .flatMap((name) => headerValues(message, name))
    .map(readGssapiHeader)
    .find(({ scheme, parameters }) => /^ntlm$/i.test(scheme) && parameters.has('rspauth'));
}

function refuse(code: DiagnosisCode, error: string): Inspection {
  return { kind: 'refuse', diagnosis: diagnosisOf(code, error) };
}

function diagnosisOf(code: DiagnosisCode, error: string): Diagnosis {
  return diagnosis(code, { error });
}

function isRegister(message: RawMessage): boolean {
  return /\bREGISTER$/.test(headerValue(message, 'cseq') ?? '');
}

/** `the answer 200 OK to REGISTER`, `the request NOTIFY`. */
export function nameOf(message: RawMessage): string {
  const status = statusOf(message);
  const method = /\d+[ \t]+(\S+)/.exec(headerValue(message, 'cseq') ?? '')?.[1] ?? 'a request';
  return status ? `the answer ${status.status} ${status.reasonPhrase} to ${method}` : `the request ${method}`;
}
