/** The most that the body of a request for a run may hold, characters. */
const longestBody = 1_024;

/** What a request for a run asks for, or why it cannot be read, with the HTTP status that says so. */
export type RunWish =
  | { readonly kind: 'run'; readonly force: boolean }
  | { readonly kind: 'refused'; readonly status: 400 | 413; readonly error: string };

/** Reads `?force=true` and a body that is empty or `{"force": true}`; a run is forced where either says so. */
export function readRunRequest(query: string | undefined, body: string): RunWish {
  if (body.length > longestBody) return refused(413, `the body may have at most ${longestBody} characters`);
  if (query !== undefined && !/^(true|false)$/i.test(query)) return refused(400, 'force: expected true or false');
  const asked = body.trim() === '' ? false : forceOf(body);
  if (asked === undefined) return refused(400, 'body: expected nothing, or {"force": true} or {"force": false}');
  return { kind: 'run', force: asked || query?.toLowerCase() === 'true' };
}

function forceOf(body: string): boolean | undefined {
  const document = parse(body);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined;
  const { force = false, ...unknown }: { readonly force?: unknown } = document;
  return typeof force === 'boolean' && Object.keys(unknown).length === 0 ? force : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(status: 400 | 413, error: string): RunWish {
  return { kind: 'refused', status, error };
}
