import type { HttpCookie, HttpData, TypedData } from './coreTypes.js';

/** A request as it came in, with the route's parameters. */
export interface HttpInput {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer, ready to be written. */
export interface HttpOutput {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
}

/** Only Azure's own front may say who has signed in; it removes these from outside, so this host does. */
const platformHeader = /^x-ms-client-principal/i;

/** The trigger data of an HTTP function; repeated headers and query parameters are joined by commas, as in Azure. */
export function toHttpData({ method, url, headers, params, body }: HttpInput): TypedData {
  const queryNames = [...new Set(url.searchParams.keys())];
  const entries = Object.entries(headers).filter(([name, value]) => value !== undefined && !platformHeader.test(name));
  return {
    http: {
      method,
      url: url.href,
      nullableHeaders: nullable(
        entries.map(([name, value]) => [name, typeof value === 'string' ? value : (value ?? []).join(', ')]),
      ),
      nullableQuery: nullable(queryNames.map((name) => [name, url.searchParams.getAll(name).join(',')])),
      nullableParams: nullable(Object.entries(params)),
      body: { bytes: body },
    },
  };
}

const nullable = (entries: readonly (readonly [string, string])[]) =>
  Object.fromEntries(entries.map(([name, value]) => [name, { value }]));

/** What a function returned, as an answer: nothing at all is 204. Throws when it is no valid answer. */
export function fromHttpData(returned: TypedData | undefined): HttpOutput {
  if (returned?.http === undefined) return { status: 204, headers: {}, body: new Uint8Array() };
  const { statusCode = '200', headers = {}, cookies = [], body } = returned.http;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new Error(`the function answered with status ${statusCode}, expected 200 to 599`);
  }
  const setCookie = cookies.length === 0 ? {} : { 'set-cookie': cookies.map(toSetCookie) };
  return { status, headers: { ...headers, ...setCookie }, body: bytesOf(body) };
}

function bytesOf(body: HttpData['body']): Uint8Array {
  if (body?.bytes !== undefined) return body.bytes;
  return new TextEncoder().encode(body?.string ?? body?.json ?? '');
}

const sameSiteNames = { lax: 'Lax', strict: 'Strict', explicitNone: 'None', none: undefined } as const;

/** RFC 6265 section 4.1.1. */
function toSetCookie(cookie: HttpCookie): string {
  const sameSite = sameSiteNames[cookie.sameSite ?? 'none'];
  const attributes = [
    cookie.domain && `Domain=${cookie.domain.value}`,
    cookie.path && `Path=${cookie.path.value}`,
    cookie.expires && `Expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`,
    cookie.maxAge && `Max-Age=${cookie.maxAge.value}`,
    cookie.secure?.value && 'Secure',
    cookie.httpOnly?.value && 'HttpOnly',
    sameSite && `SameSite=${sameSite}`,
  ];
  return [`${cookie.name}=${encodeURIComponent(cookie.value)}`, ...attributes].filter(Boolean).join('; ');
}
