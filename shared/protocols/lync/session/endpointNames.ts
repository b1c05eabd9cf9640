import type { Account } from '../../../domain/edge.js';
import type { Connection } from '../../net/startTls.js';
import type { RequestIdentity } from '../../sip/requests.js';
import { hostPortOf } from '../../sip/sipCore.js';
import { branchCookie } from '../../sip/writtenRequest.js';
import { type Endpoint, toEndpoint } from '../endpoint.js';

export interface NamingOptions {
  readonly account: Account;
  readonly userAgent: string;
  /** Bytes from a cryptographic source. */
  readonly randomBytes: (length: number) => Buffer;
}

/** By which names one endpoint of an account goes on one connection. */
export class EndpointNames {
  /** `sip:user@domain` */
  readonly sipAddress: string;
  readonly endpoint: Endpoint;
  /** `192.0.2.1:50123` */
  readonly localAddress: string;
  /** Where this connection is reached; what REGISTER binds. */
  readonly contactUri: string;
  readonly #randomBytes: (length: number) => Buffer;
  #gruu: string | undefined;

  constructor(connection: Connection, { account, userAgent, randomBytes }: NamingOptions) {
    this.#randomBytes = randomBytes;
    this.sipAddress = account.sipAddress;
    this.endpoint = toEndpoint(account.sipAddress, userAgent);
    this.localAddress = hostPortOf(connection);
    const transport = connection.protocol.toLowerCase();
    this.contactUri = `sip:${this.localAddress};transport=${transport};ms-opaque=${this.hex(5)}`;
  }

  /** `Contact: <…>`: the address of this endpoint alone once the registrar gave it one (MS-SIPRE 3.2), before that the connection's. */
  contactHeader(): string {
    return `Contact: <${this.#gruu ?? this.contactUri}>`;
  }

  /** What the registrar named this endpoint; undefined when it gave it no name. */
  learnGruu(gruu: string | undefined): void {
    this.#gruu = gruu ?? this.#gruu;
  }

  /** Hexadecimal digits from a cryptographic source, two for each byte. */
  hex(bytes: number): string {
    return this.#randomBytes(bytes).toString('hex');
  }

  /** Call-ID and From tag of a new dialog or single request. The epid that every From must have (MS-SIPRE) is written as part of the tag. */
  newIdentity(): Pick<RequestIdentity, 'callId' | 'fromTag'> {
    return { callId: this.hex(16), fromTag: `${this.hex(5)};epid=${this.endpoint.epid}` };
  }

  /** Names a SIP transaction (RFC 3261 section 8.1.1.7). */
  newBranch(): string {
    return `${branchCookie}${this.hex(8)}`;
  }

  /** The value of From for a dialog or request with this tag. */
  fromHeader(fromTag: string): string {
    return `<${this.sipAddress}>;tag=${fromTag}`;
  }
}
