import { readSipUri } from '../../sip/values.js';
import { gruuOf, type LyncBinding } from './lyncBindings.js';

/** What a front end knows when it decides where a request goes. */
export interface Pool {
  readonly domain: string;
  /** Its own name, which stands in the routes and contacts it writes. */
  readonly host: string;
  readonly users: readonly string[];
  /** What stands before the @ in the addresses of its services, in lower case. */
  readonly services: readonly string[];
  /** Who is signed in where, the latest last. */
  readonly bindings: () => readonly LyncBinding[];
}

/** Where a request goes, by its Request-URI alone. */
export type Destination =
  /** The front end itself, such as a subscription that it granted. */
  | { readonly kind: 'front-end' }
  /** A user of this pool: whichever endpoint is signed in. */
  | { readonly kind: 'user'; readonly user: string }
  /** One endpoint, by its GRUU or by the address it registered. */
  | { readonly kind: 'endpoint'; readonly binding: LyncBinding }
  /** A GRUU whose endpoint is not signed in. */
  | { readonly kind: 'endpoint-gone' }
  /** A service of this pool that has an address, such as a chat room server. */
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'unknown-user' }
  | { readonly kind: 'foreign'; readonly domain: string }
  | { readonly kind: 'unreadable' };

/** The one place that decides where a request goes (MS-SIPRE 3.1). */
export function destinationOf(uri: string, pool: Pool): Destination {
  const address = readSipUri(uri);
  if (address === undefined) return { kind: 'unreadable' };
  if (address.host === pool.host) return { kind: 'front-end' };
  const binding = pool.bindings().find((one) => isAddressOf(one, uri, pool.domain));
  if (binding !== undefined) return { kind: 'endpoint', binding };
  if (address.host !== pool.domain) return { kind: 'foreign', domain: address.host };
  if (/;opaque=user:epid:/i.test(uri)) return { kind: 'endpoint-gone' };
  const name = address.user.toLowerCase();
  if (pool.services.includes(name)) return { kind: 'service', name };
  return pool.users.includes(name) ? { kind: 'user', user: name } : { kind: 'unknown-user' };
}

function isAddressOf({ user, epid, contactUri }: LyncBinding, uri: string, domain: string): boolean {
  const asked = uri.toLowerCase();
  return asked === contactUri.toLowerCase() || asked === gruuOf(user, domain, epid).toLowerCase();
}
