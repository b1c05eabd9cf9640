/** What is used of xmpp.js 0.14, which brings no types of its own. */
declare module '@xmpp/client' {
  /** An element to be sent; `toString` is XML with everything escaped. */
  export interface Element {
    readonly name: string;
    readonly attrs: Record<string, string>;
    toString(): string;
  }
  export type Content = Element | string | undefined | false;

  /** An element; attributes that are undefined are left out. */
  export function xml(
    name: string,
    attributes?: Readonly<Record<string, string | undefined>>,
    ...content: readonly (Content | readonly Content[])[]
  ): Element;

  export interface Jid {
    readonly local: string;
    readonly domain: string;
    readonly resource: string;
    bare(): Jid;
    equals(other: Jid): boolean;
    toString(): string;
  }

  /** Reads an address. Throws a TypeError where it has no domain. */
  export function jid(text: string): Jid;
}

declare module '@xmpp/connection-tcp' {
  /** The opening and closing tags of a stream over TCP (RFC 6120 section 4.7). */
  export default class ConnectionTCP {
    /** The default namespace of the stream. */
    NS: string;
    Socket: unknown;
    Parser: unknown;
    socketParameters(service: string): object | undefined;
  }
}

declare module '@xmpp/client-core' {
  import type { EventEmitter } from 'node:events';
  import type { Element, Jid } from '@xmpp/client';

  export class Client extends EventEmitter {
    constructor(options: { readonly domain: string });
    readonly transports: unknown[];
    /** Milliseconds for the library's own waits; 0 for none. */
    timeout: number;
    jid: Jid | null;
    /** Emits `end` when the peer has closed its stream. */
    readonly parser: EventEmitter | null;
    connect(service: string): Promise<void>;
    open(options: { readonly domain: string }): Promise<unknown>;
    restart(): Promise<unknown>;
    send(element: Element): Promise<void>;
    stop(): Promise<unknown>;
  }
}
