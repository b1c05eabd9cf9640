import { headerValue, headerValues, type RawMessage } from '../sip/rawMessage.js';
import type { Endpoint } from './endpoint.js';

const methods = 'INVITE, MESSAGE, INFO, SUBSCRIBE, OPTIONS, BYE, CANCEL, NOTIFY, ACK, REFER, BENOTIFY';
const supported = ['gruu-10', 'adhoclist', 'msrtc-event-categories', 'com.microsoft.msrtc.presence', 'ms-forking'];

/**
 * The header fields of a REGISTER as Lync wants it (MS-SIPREGE 3.1). A binding is asked for without Expires, for the registrar
 * alone decides how long it lasts; a removal says 0.
 */
export function registerHeaders(contactUri: string, { instance }: Endpoint, removal: boolean): string[] {
  return [
    `Contact: <${contactUri}>;methods="${methods}";proxy=replace;+sip.instance="<urn:uuid:${instance}>"`,
    ...supported.map((tag) => `Supported: ${tag}`),
    'ms-keep-alive: UAC;hop-hop=yes',
    'Event: registration',
    'Allow-Events: presence',
    ...(removal ? ['Expires: 0'] : []),
  ];
}

/** What a registrar tells when it takes a binding; nothing secret. */
export interface Granted {
  readonly expiresSeconds: number | undefined;
  /** The address under which this endpoint alone is reached. */
  readonly gruu: string | undefined;
  readonly serverVersion: string | undefined;
  /** `RemoteUser` where the server takes the client for one outside. */
  readonly userLogonData: string | undefined;
  /** Does it take one subscription to the presence of many (`adhoclist`)? */
  readonly takesBatches: boolean;
}

/** Reads the 200 to a REGISTER (MS-SIPREGE 3.1.5). */
export function readGranted(message: RawMessage, { instance }: Endpoint): Granted {
  const own = headerValues(message, 'contact').find((contact) => contact.toLowerCase().includes(instance));
  const seconds = headerValue(message, 'expires') ?? /;[ \t]*expires=(\d+)/i.exec(own ?? '')?.[1];
  return {
    expiresSeconds: seconds !== undefined && /^\d{1,9}$/.test(seconds) ? Number(seconds) : undefined,
    gruu: /;[ \t]*gruu="([^"]{1,500})"/i.exec(own ?? '')?.[1],
    serverVersion: headerValue(message, 'server'),
    userLogonData: headerValue(message, 'ms-user-logon-data'),
    takesBatches: headerValues(message, 'supported').some((tags) => /(?:^|,)[ \t]*adhoclist[ \t]*(?:,|$)/i.test(tags)),
  };
}
