import { Secret } from '../../../domain/secret.js';
import type { XmlElement } from '../../sip/xml.js';
import { childrenOf, type DocumentFlaw, readDocument } from '../presence/document.js';
import { mrasRequestId } from './credentialsRequest.js';

/** A media relay as the A/V authentication service names it. */
export interface NamedRelay {
  /** Its name, or its address where it has none. */
  readonly host: string;
  readonly udpPort: number;
  readonly tcpPort: number;
}

/** What a relay takes: base64 of the bytes that MS-TURN uses. */
export interface HandedOutCredentials {
  readonly userName: string;
  readonly password: Secret;
}

/** What the A/V authentication service answered. */
export type CredentialsReading =
  | {
      readonly kind: 'granted';
      readonly credentials: HandedOutCredentials;
      /** How long they last; undefined where it does not say. */
      readonly minutes: number | undefined;
      /** Those for clients outside first; the first is the one to use. */
      readonly relays: readonly [NamedRelay, ...NamedRelay[]];
      readonly serverVersion: string | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly serverVersion: string | undefined }
  | { readonly kind: 'other-request' }
  | { readonly kind: 'no-credentials' }
  | { readonly kind: 'expired'; readonly minutes: number }
  | { readonly kind: 'no-relays' }
  | DocumentFlaw;

/** More relays than a deployment has. */
const mostRelays = 20;
/** Where a relay is named without ports. */
const usualPorts = { udpPort: 3478, tcpPort: 443 } as const;
const base64 = /^[a-z0-9+/]{4,684}={0,2}$/i;

/** Reads the answer (MS-AVEDGEA section 2.2), by local names: later versions add fields. Never throws. */
export function readCredentials(document: string): CredentialsReading {
  const reading = readDocument(document, ['response']);
  if (reading.kind !== 'element') return reading;
  const { reasonPhrase = 'OK', requestID = mrasRequestId, serverVersion } = reading.root.attributes;
  if (requestID !== mrasRequestId) return { kind: 'other-request' };
  if (!/^ok$/i.test(reasonPhrase.trim())) return { kind: 'refused', reason: reasonPhrase.trim(), serverVersion };
  const [answered] = childrenOf(reading.root, 'credentialsResponse');
  const [given] = answered ? childrenOf(answered, 'credentials') : [];
  const [userName, password] = [textOf(given, 'username'), textOf(given, 'password')];
  if (!base64.test(userName) || !base64.test(password)) return { kind: 'no-credentials' };
  const duration = textOf(given, 'duration');
  const minutes = /^-?\d{1,9}$/.test(duration) ? Number(duration) : undefined;
  if (minutes !== undefined && minutes <= 0) return { kind: 'expired', minutes };
  const [first, ...others] = relaysOf(answered);
  if (!first) return { kind: 'no-relays' };
  const credentials = { userName, password: new Secret(password) };
  return { kind: 'granted', credentials, minutes, relays: [first, ...others], serverVersion };
}

function relaysOf(answered: XmlElement | undefined): readonly NamedRelay[] {
  const listed = answered ? childrenOf(answered, 'mediaRelayList') : [];
  const named = listed.flatMap((list) => childrenOf(list, 'mediaRelay')).slice(0, mostRelays);
  const isInside = (relay: XmlElement) => Number(/^intranet$/i.test(textOf(relay, 'location')));
  return named.toSorted((one, other) => isInside(one) - isInside(other)).flatMap(relayOf);
}

/** None where it cannot be reached by what is said. */
function relayOf(relay: XmlElement): readonly NamedRelay[] {
  const host = textOf(relay, 'hostName') || textOf(relay, 'directIPAddress');
  if (!/^(?:[a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?|[0-9a-f:.]{2,45})$/i.test(host)) return [];
  const udpPort = portOf(relay, 'udpPort');
  const tcpPort = portOf(relay, 'tcpPort');
  return udpPort === undefined || tcpPort === undefined ? [] : [{ host, udpPort, tcpPort }];
}

function portOf(relay: XmlElement, name: keyof typeof usualPorts): number | undefined {
  const text = textOf(relay, name);
  if (text === '') return usualPorts[name];
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function textOf(parent: XmlElement | undefined, name: string): string {
  return (parent && childrenOf(parent, name)[0]?.text.trim()) ?? '';
}
