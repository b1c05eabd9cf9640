/** What the autodiscover service answered (MS-OCDISCWS 3.1.5.2): a fact for the result, never a reason to go anywhere. */
export interface AutodiscoverFacts {
  readonly host: string;
  readonly status: number;
  /** The tokens of the links that its root document has, such as `User` and `Domain`; absent when it has no such document. */
  readonly links?: readonly string[];
}

/** The name that clients outside ask (MS-OCDISCWS 1.3). */
export function autodiscoverHost(sipDomain: string): string {
  return `lyncdiscover.${sipDomain}`;
}

const mostLinks = 20;

/** Reads the answer to an unauthenticated GET; XML and both forms of JSON are in use. */
export function readAutodiscover(host: string, status: number, body: string): AutodiscoverFacts {
  const links = body.trimStart().startsWith('<') ? fromXml(body) : fromJson(body);
  return links.length === 0 ? { host, status } : { host, status, links: links.slice(0, mostLinks) };
}

/** Local names only: the namespace differs between versions. Nothing is expanded, so that entities do no harm. */
function fromXml(body: string): string[] {
  return [...body.matchAll(/<(?:[\w.-]{1,40}:)?Link\b[^<>]{0,2000}?\stoken="([\w/.-]{1,60})"/g)].map(
    ([, token = '']) => token,
  );
}

function fromJson(body: string): string[] {
  const document = parsed(body);
  const links = field(document, '_links');
  if (typeof links === 'object' && links !== null)
    return Object.keys(links).filter((name) => /^[\w/.-]{1,60}$/.test(name));
  const listed = field(field(document, 'Root'), 'Links');
  if (!Array.isArray(listed)) return [];
  return listed
    .map((link: unknown) => field(link, 'token'))
    .filter((token) => typeof token === 'string')
    .filter((token) => /^[\w/.-]{1,60}$/.test(token));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
