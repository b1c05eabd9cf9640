import { readXml, type XmlElement, type XmlLimits } from '../../sip/xml.js';
import { childrenOf } from '../presence/document.js';
import { xccosNamespace } from './commands.js';

/** What the server answers to a command. */
export interface Reply {
  readonly kind: 'reply';
  /** `join` of `rpl:join`. */
  readonly name: string;
  /** The envelope that is answered, and the place in it; empty where nothing was asked. Numbers may be beyond what a number holds. */
  readonly envelope: string;
  readonly sequence: string;
  readonly code: number;
  /** Of the server, such as SUCCESS_OK. */
  readonly text: string;
  readonly data: XmlElement | undefined;
}

/** A message that somebody has just written into a room. What a reply brings of the past is none. */
export interface ChatText {
  readonly kind: 'chat';
  readonly room: string;
  /** `sip:user@domain` as the server writes it. */
  readonly author: string;
  readonly text: string;
}

/** Somebody entered or left; or something that nobody here knows, which `what` names. */
export type Other =
  | { readonly kind: 'notice'; readonly name: string }
  | { readonly kind: 'unknown'; readonly what: string };

export type EnvelopePart = Reply | ChatText | Other;

/** What a document turned out to be. */
export type EnvelopeReading = { readonly kind: 'envelope'; readonly parts: readonly EnvelopePart[] } | EnvelopeFlaw;

/** Why it was not read, or could not be. */
export type EnvelopeFlaw =
  | { readonly kind: 'too-large'; readonly characters: number }
  | { readonly kind: 'document-type' }
  | { readonly kind: 'unreadable'; readonly what: string }
  | { readonly kind: 'namespace'; readonly namespace: string };

/** Characters of a document that is read at all: a room of 5,000 members has some 350,000. */
export const longestEnvelope = 524_288;
const limits: XmlLimits = { depth: 16, elements: 20_000, attributes: 50 };
/** More of them than a batch of replies has; what a flooding server puts behind them is not read. */
const mostParts = 200;

/** Reads what the server sends by INFO. Never throws. */
export function readEnvelope(text: string): EnvelopeReading {
  if (text.length > longestEnvelope) return { kind: 'too-large', characters: text.length };
  const reading = readXml(text, limits);
  if (reading.kind === 'document-type') return reading;
  if (reading.kind === 'malformed') return { kind: 'unreadable', what: reading.what };
  const { root } = reading;
  if (root.name !== 'xccos') return { kind: 'unreadable', what: `the element ${root.name} in place of xccos` };
  if (root.namespace !== xccosNamespace) return { kind: 'namespace', namespace: root.namespace };
  return { kind: 'envelope', parts: root.children.slice(0, mostParts).map(toPart) };
}

function toPart(element: XmlElement): EnvelopePart {
  const id = element.attributes.id ?? '';
  switch (element.name) {
    case 'rpl':
      return toReply(element, id);
    case 'grpchat':
      return toChat(element);
    case 'ntc':
      return { kind: 'notice', name: id };
    default:
      return { kind: 'unknown', what: id === '' ? element.name : `${element.name} ${id}` };
  }
}

function toReply(element: XmlElement, id: string): EnvelopePart {
  const [answered] = childrenOf(element, 'commandid');
  const [response] = childrenOf(element, 'resp');
  const { envid: envelope = '', seqid: sequence = '' } = answered?.attributes ?? {};
  const code = response?.attributes.code ?? '';
  if (!/^\d{1,6}$/.test(code)) return { kind: 'unknown', what: `${id} without a code` };
  const [data] = childrenOf(element, 'data');
  const name = id.replace(/^rpl:/, '');
  return { kind: 'reply', name, envelope, sequence, code: Number(code), text: response?.text.trim() ?? '', data };
}

function toChat(element: XmlElement): EnvelopePart {
  const { chanUri: room, author } = element.attributes;
  const [chat] = childrenOf(element, 'chat');
  if (room === undefined || author === undefined || chat === undefined) {
    return { kind: 'unknown', what: 'grpchat without room, author or text' };
  }
  return { kind: 'chat', room, author, text: chat.text };
}
