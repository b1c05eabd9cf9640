import type { Binding } from './coreTypes.js';
import type { RegisteredFunction } from './functionsCore.js';
import { compareRoutes, matchRoute, parseRoute, type Route } from './routes.js';

/** One HTTP function and where it answers. */
export interface HttpEndpoint {
  readonly fn: RegisteredFunction;
  readonly triggerName: string;
  readonly route: Route;
  readonly methods: readonly string[];
  readonly authLevel: 'anonymous' | 'function' | 'admin';
}

/** What a path and a method lead to. */
export type HttpMatch =
  | { readonly kind: 'found'; readonly endpoint: HttpEndpoint; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'no-route' }
  | { readonly kind: 'no-method'; readonly allowed: readonly string[] };

/** Reads the HTTP trigger of a function. Throws with the function's name and what is wrong. */
export function toEndpoint(
  fn: RegisteredFunction,
  trigger: { readonly name: string; readonly binding: Binding },
  prefix: string,
): HttpEndpoint {
  const { name } = fn.metadata;
  const { route: written, methods, authLevel } = trigger.binding;
  const route = typeof written === 'string' && written !== '' ? written : name;
  const level = String(authLevel ?? 'function').toLowerCase();
  if (level !== 'anonymous' && level !== 'function' && level !== 'admin') {
    throw new Error(`function "${name}": authLevel "${level}" is not one of anonymous, function, admin`);
  }
  return {
    fn,
    triggerName: trigger.name,
    route: parseRoute(prefix, route),
    methods: Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : ['GET', 'POST'],
    authLevel: level,
  };
}

/** The more exact routes first, in which order they are tried. */
export function sortEndpoints(endpoints: readonly HttpEndpoint[]): readonly HttpEndpoint[] {
  return [...endpoints].sort((a, b) => compareRoutes(a.route, b.route));
}

/** Finds the function for a path; HEAD is answered by what answers GET (RFC 9110 section 9.3.2). Throws `URIError` on a bad escape. */
export function findEndpoint(sorted: readonly HttpEndpoint[], method: string, path: string): HttpMatch {
  const allowed = new Set<string>();
  for (const endpoint of sorted) {
    const params = matchRoute(endpoint.route, path);
    if (params === undefined) continue;
    const answered = endpoint.methods.includes('GET') ? [...endpoint.methods, 'HEAD'] : endpoint.methods;
    if (answered.includes(method)) return { kind: 'found', endpoint, params };
    for (const one of answered) allowed.add(one);
  }
  return allowed.size === 0 ? { kind: 'no-route' } : { kind: 'no-method', allowed: [...allowed].sort() };
}
