/** One request to the control address, as far as it matters. */
export interface ControlRequest {
  readonly method: string;
  readonly url: string;
  readonly host: string | undefined;
}

/** What it asks for, or the answer when nothing can be done about it. */
export type ControlWish =
  | { readonly kind: 'list-faults' }
  | { readonly kind: 'state' }
  | { readonly kind: 'set-fault'; readonly name: string; readonly delayMs: number | undefined }
  | { readonly kind: 'clear-fault'; readonly name: string }
  | { readonly kind: 'refused'; readonly status: number; readonly error: string; readonly allow?: string };

const paths = 'GET /state, GET /faults, PUT /faults/NAME, PUT /faults/NAME?delayMs=MS, DELETE /faults/NAME';

/** Reads a request. A foreign Host header is refused, so that no web page can reach the simulator by a name of its own. */
export function readControlRequest(request: ControlRequest, port: number): ControlWish {
  if (request.host !== `127.0.0.1:${port}` && request.host !== `localhost:${port}`) {
    return { kind: 'refused', status: 403, error: `Host must be 127.0.0.1:${port} or localhost:${port}` };
  }
  const [path = '', query = ''] = request.url.split('?', 2);
  if (path === '/faults') return only(request, { kind: 'list-faults' });
  if (path === '/state') return only(request, { kind: 'state' });
  const name = /^\/faults\/([^/]{1,64})$/.exec(path)?.[1];
  if (name === undefined) return { kind: 'refused', status: 404, error: `no such path; there are ${paths}` };
  if (request.method === 'DELETE') return { kind: 'clear-fault', name };
  if (request.method !== 'PUT') return notAllowed('PUT, DELETE');
  const delay = new URLSearchParams(query).get('delayMs') ?? undefined;
  if (delay !== undefined && !/^\d{1,9}$/.test(delay)) {
    return { kind: 'refused', status: 400, error: 'delayMs must be a whole number of milliseconds' };
  }
  return { kind: 'set-fault', name, delayMs: delay === undefined ? undefined : Number(delay) };
}

function only(request: ControlRequest, wish: ControlWish): ControlWish {
  return request.method === 'GET' ? wish : notAllowed('GET');
}

function notAllowed(allow: string): ControlWish {
  return { kind: 'refused', status: 405, error: `method not allowed; allowed: ${allow}`, allow };
}
