import { xml } from '@xmpp/client';
import { fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { diagnoseMissing } from '../diagnoseStream.js';
import { diagnoseFailure, type SaslUser } from './diagnoseSasl.js';
import { saslNamespace } from './features.js';
import type { XmppStream } from './xmppStream.js';

/** What the server said next; `data` is what it sent with it. */
export interface SaslAnswer {
  readonly kind: 'challenge' | 'success';
  readonly data: string;
}

/** One exchange of SASL over a stream (RFC 6120 section 6.4). */
export class SaslExchange {
  readonly #stream: XmppStream;
  readonly #user: SaslUser;
  readonly #mechanism: string;
  readonly #shown: string[] = [];

  constructor(stream: XmppStream, user: SaslUser, mechanism: string) {
    this.#stream = stream;
    this.#user = user;
    this.#mechanism = mechanism;
  }

  begin(data: string, scope: Scope): Promise<SaslAnswer> {
    this.#stream.send(xml('auth', { xmlns: saslNamespace, mechanism: this.#mechanism }, this.#encode(data)));
    return this.#answer(scope);
  }

  respond(data: string, scope: Scope): Promise<SaslAnswer> {
    this.#stream.send(xml('response', { xmlns: saslNamespace }, this.#encode(data)));
    return this.#answer(scope);
  }

  /** Fails of what the server said; `what` goes on `mechanism sent …`. */
  malformed(what: string): never {
    return fail('XMPP_SASL_CHALLENGE_MALFORMED', { error: `${this.#stream.peer} sent ${what} in ${this.#mechanism}` });
  }

  async #answer(scope: Scope): Promise<SaslAnswer> {
    const { peer, inbox } = this.#stream;
    const arrival = await inbox.take(({ namespace }) => namespace === saslNamespace, scope);
    if (arrival.kind !== 'item') {
      const awaited = `answer to ${this.#mechanism}`;
      throw new ProbeError(diagnoseMissing(awaited, peer, arrival, 'XMPP_SASL_TIMEOUT'));
    }
    const { element } = arrival.item;
    if (element.name === 'failure') {
      throw new ProbeError(diagnoseFailure(peer, this.#user, this.#mechanism, element, this.#shown));
    }
    if (element.name !== 'challenge' && element.name !== 'success')
      return this.malformed(`the element ${element.name}`);
    return { kind: element.name, data: this.#decode(element.text) };
  }

  /** RFC 6120 section 6.4.2: data of no length is written as an equals sign. */
  #encode(data: string): string {
    if (data === '') return '=';
    const text = Buffer.from(data, 'utf8').toString('base64');
    this.#shown.push(text);
    return text;
  }

  #decode(text: string): string {
    const plain = text.trim();
    if (plain === '=') return '';
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(plain)) {
      return this.malformed('data that is not base64');
    }
    return Buffer.from(plain, 'base64').toString('utf8');
  }
}
