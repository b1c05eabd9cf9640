/** One part of a multipart body. */
export interface BodyPart {
  /** Without parameters, in lower case. */
  readonly contentType: string;
  readonly body: string;
}

export type MultipartReading =
  | { readonly kind: 'parts'; readonly parts: readonly BodyPart[] }
  | { readonly kind: 'unreadable'; readonly what: string };

/** A batch of one contact has two or three. */
const mostParts = 16;
const mostHeaderCharacters = 4_096;

/** Reads a multipart body (RFC 2046 section 5.1); `contentType` is the whole header field. Never throws. */
export function readMultipart(contentType: string, body: string): MultipartReading {
  const [, quoted, token = ''] =
    /;[ \t]*boundary[ \t]*=[ \t]*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? token;
  if (boundary === '') return unreadable('a multipart body without a boundary');
  const delimiters = delimitersOf(body, `--${boundary}`);
  if (delimiters.length === 0) return unreadable('a multipart body without a part');
  if (delimiters.length > mostParts + 1) return unreadable(`a multipart body of more than ${mostParts} parts`);
  const [last] = delimiters.slice(-1);
  if (!last?.closing) return unreadable('a multipart body that does not end');
  const parts = delimiters.slice(0, -1).map((delimiter, place) => {
    const next = delimiters[place + 1]?.start ?? body.length;
    return toPart(body.slice(delimiter.end, next));
  });
  return { kind: 'parts', parts };
}

interface Delimiter {
  readonly start: number;
  /** Behind its line. */
  readonly end: number;
  readonly closing: boolean;
}

/** The delimiter lines, up to the closing one; no more than are needed to see that there are too many. */
function delimitersOf(body: string, mark: string): Delimiter[] {
  const found: Delimiter[] = [];
  for (let at = body.indexOf(mark); at >= 0 && found.length <= mostParts + 1; at = body.indexOf(mark, at + 1)) {
    if (at > 0 && body[at - 1] !== '\n') continue;
    const feed = body.indexOf('\n', at);
    const end = feed < 0 ? body.length : feed + 1;
    const rest = body.slice(at + mark.length, end).trim();
    // The beginning of a longer boundary is none.
    if (rest !== '' && rest !== '--') continue;
    found.push({ start: at, end, closing: rest === '--' });
    if (rest === '--') break;
  }
  return found;
}

function toPart(text: string): BodyPart {
  // A part without header fields begins with the empty line; what follows the last line end belongs to the delimiter.
  const end = /\r?\n\r?\n|^\r?\n/.exec(text.slice(0, mostHeaderCharacters));
  const head = end ? text.slice(0, end.index) : '';
  const body = (end ? text.slice(end.index + end[0].length) : text).replace(/\r?\n$/, '');
  const contentType = /^content-type[ \t]*:[ \t]*([^\s;]*)/im.exec(head)?.[1] ?? 'text/plain';
  return { contentType: contentType.toLowerCase(), body };
}

function unreadable(what: string): MultipartReading {
  return { kind: 'unreadable', what };
}
