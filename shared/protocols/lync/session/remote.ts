import { headerValue, headerValues, type RawMessage } from '../../sip/rawMessage.js';

/** The other side of a dialog, as requests in it are written (RFC 3261 section 12.2.1.1). */
export interface Remote {
  /** The value of To, as the other side wrote it: it may have an epid. */
  readonly to: string;
  readonly tag: string | undefined;
  /** The Request-URI. */
  readonly target: string;
  /** `Route: …`, one line for each. */
  readonly routes: readonly string[];
}

/** From the response that made the dialog (section 12.1.2); without Contact, requests go on to `uri`. */
export function remoteOfResponse(message: RawMessage, uri: string): Remote {
  return toRemote(message, headerValue(message, 'to') ?? `<${uri}>`, routesOf(message).reverse(), uri);
}

/** From the request that made it (section 12.1.1); undefined without Contact. */
export function remoteOfRequest(message: RawMessage): Remote | undefined {
  if (headerValue(message, 'contact') === undefined) return undefined;
  return toRemote(message, headerValue(message, 'from') ?? '', routesOf(message), '');
}

/** The tag of From or To. */
export function tagOf(value = ''): string | undefined {
  return /;[ \t]*tag[ \t]*=[ \t]*([^;,\s<>]+)/i.exec(value.slice(value.lastIndexOf('>') + 1))?.[1];
}

function toRemote(message: RawMessage, to: string, routes: readonly string[], uri: string): Remote {
  const contact = headerValue(message, 'contact') ?? '';
  const target = /<([^<>\s]+)>/.exec(contact)?.[1] ?? /^([^\s;<>]+)/.exec(contact)?.[1] ?? uri;
  return { to, tag: tagOf(to), target, routes: routes.map((route) => `Route: ${route}`) };
}

/** A line may have several, and a URI in angle brackets has commas of its own at times. */
function routesOf(message: RawMessage): string[] {
  return headerValues(message, 'record-route').flatMap((value) => value.match(/<[^<>\s]+>[^,<>\s]*/g) ?? []);
}
