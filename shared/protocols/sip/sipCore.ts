import { Grammar, LoggerFactory, type URI, UserAgentCore } from 'sip.js/lib/core/index.js';
import type { Connection } from '../net/startTls.js';
import type { SipStream } from './sipStream.js';

export interface CoreIdentity {
  /** `sip:user@domain` */
  readonly sipAddress: string;
  readonly contactUri: string;
  /** `192.0.2.1:50123`, for Via. */
  readonly localAddress: string;
  readonly userAgent: string;
}

/** A SIP URI as sip.js wants it; throws on text that is none (our settings check addresses before). */
export function toUri(text: string): URI {
  const uri = Grammar.URIParse(text);
  if (!uri) throw new Error(`not a SIP URI: ${text}`);
  return uri;
}

/** sip.js's user agent core over `stream`, silent, and with authentication left to us: its own knows MD5 only and one challenge. */
export function openCore(identity: CoreIdentity, stream: SipStream): UserAgentCore {
  const loggerFactory = new LoggerFactory();
  loggerFactory.builtinEnabled = false;
  const uri = toUri(identity.contactUri);
  return new UserAgentCore({
    aor: toUri(identity.sipAddress),
    contact: { pubGruu: undefined, tempGruu: undefined, uri, toString: () => `<${identity.contactUri}>` },
    displayName: '',
    loggerFactory,
    hackViaTcp: false,
    routeSet: [],
    sipjsId: 'edge-probes',
    supportedOptionTags: [],
    supportedOptionTagsResponse: [],
    userAgentHeaderFieldValue: identity.userAgent,
    viaForceRport: true,
    viaHost: identity.localAddress,
    authenticationFactory: () => undefined,
    transportAccessor: () => stream,
  });
}

/** The local end of a connection as `address:port`, for Via and Contact. */
export function hostPortOf(connection: Connection): string {
  const { localAddress = '127.0.0.1', localPort = 0 } = connection.socket;
  return localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;
}
