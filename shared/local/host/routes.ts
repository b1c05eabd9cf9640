/** A route template of Azure Functions, ready to be matched. */
export interface Route {
  readonly template: string;
  readonly segments: readonly Segment[];
}

interface Segment {
  readonly kind: 'literal' | 'mixed' | 'constrained' | 'parameter' | 'rest';
  /** Matches one whole, still encoded path segment; its only group is the parameter. */
  readonly pattern: RegExp;
  readonly parameter: string | undefined;
  readonly optional: boolean;
}

/** Which segment wins where two routes match: text before a checked parameter before any parameter (as ASP.NET does it). */
const precedence = ['literal', 'mixed', 'constrained', 'parameter', 'rest'] as const;

const constraints: Readonly<Record<string, string>> = {
  int: '-?\\d{1,10}',
  alpha: '[A-Za-z]+',
  bool: '[Tt]rue|[Ff]alse',
  guid: '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}',
};

/** Reads `api/status/{edge}/{transaction?}`. Throws with the template and what is wrong with it. */
export function parseRoute(prefix: string, route: string): Route {
  const template = [prefix, route]
    .map((part) => part.replace(/^\/+|\/+$/g, ''))
    .filter(Boolean)
    .join('/');
  const parts = template === '' ? [] : template.split('/');
  const segments = parts.map((part) => parseSegment(part, template));
  const loose = segments.findIndex((segment) => segment.optional);
  if (loose >= 0 && loose < segments.length - 1) {
    throw new Error(`route "${template}": only the last segment may be optional or a catch-all`);
  }
  return { template, segments };
}

function parseSegment(part: string, template: string): Segment {
  const match = /^([^{}]*)\{(\*{0,2})([A-Za-z_]\w*)(?::([a-z]+(?:\(\d+\))?))?(\??)\}([^{}]*)$/.exec(part);
  if (match === null) {
    if (/[{}]/.test(part)) throw new Error(`route "${template}": "${part}" is not a segment this host understands`);
    return { kind: 'literal', pattern: whole(quote(part)), parameter: undefined, optional: false };
  }
  const [, before = '', stars = '', name = '', constraint, question = '', after = ''] = match;
  const mixed = before !== '' || after !== '';
  if (mixed && (stars !== '' || question !== '')) {
    throw new Error(`route "${template}": "${part}" mixes text with an optional or catch-all parameter`);
  }
  const value = constraint === undefined ? '.+' : constraintPattern(constraint, template);
  const kind = stars !== '' ? 'rest' : mixed ? 'mixed' : constraint === undefined ? 'parameter' : 'constrained';
  const pattern = whole(`${quote(before)}(${value})${quote(after)}`);
  return { kind, pattern, parameter: name, optional: question !== '' || stars !== '' };
}

function constraintPattern(constraint: string, template: string): string {
  const known = constraints[constraint];
  if (known !== undefined) return known;
  const length = /^maxlength\((\d{1,4})\)$/.exec(constraint)?.[1];
  if (length !== undefined) return `.{0,${length}}`;
  throw new Error(
    `route "${template}": the constraint "${constraint}" is not one of ${Object.keys(constraints).join(', ')}, maxlength(n)`,
  );
}

const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`, 'i');

/** The path as a person writes it: a segment that can only be empty, which stands for the root, is left out. */
export function shownPath({ template }: Route): string {
  const parts = template.split('/').filter((part) => !part.includes(':maxlength(0)'));
  return `/${parts.join('/')}`;
}

/** The parameters, decoded, when the path is one of this route; `undefined` when it is not. Throws `URIError` on a bad escape. */
export function matchRoute(route: Route, path: string): Readonly<Record<string, string>> | undefined {
  const parts = path
    .replace(/^\/|\/$/g, '')
    .split('/')
    .filter((part, _, all) => all.length > 1 || part !== '');
  const params: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    const text = segment.kind === 'rest' ? parts.slice(index).join('/') : parts[index];
    if (text === undefined || text === '') {
      if (!segment.optional) return undefined;
      continue;
    }
    const found = segment.pattern.exec(text);
    if (found === null) return undefined;
    if (segment.parameter !== undefined) params[segment.parameter] = decode(found[1] ?? '');
    if (segment.kind === 'rest') return params;
  }
  return parts.length > route.segments.length ? undefined : params;
}

/** An encoded slash stays encoded: it is no separator, and must not become one for the handler. */
const decode = (text: string) =>
  text
    .split(/(%2f)/i)
    .map((part, index) => (index % 2 === 1 ? part : decodeURIComponent(part)))
    .join('');

/** Sorts the more exact route first. */
export function compareRoutes(a: Route, b: Route): number {
  for (const [index, segment] of a.segments.entries()) {
    const other = b.segments[index];
    if (other === undefined) return 1;
    const difference = precedence.indexOf(segment.kind) - precedence.indexOf(other.kind);
    if (difference !== 0) return difference;
  }
  return a.segments.length - b.segments.length;
}
