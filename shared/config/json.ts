import type { Finding, Path } from './problems.js';

/** JSON text as a value with the keys that stand twice, or where it stops being JSON. The text itself is never repeated. */
export type JsonText =
  | { readonly kind: 'value'; readonly value: unknown; readonly repeated: readonly Finding[] }
  | { readonly kind: 'problem'; readonly message: string };

/** RFC 8259. Our own reading only tells where and why: V8's messages quote the text, which may be a password. */
export function parseJson(text: string): JsonText {
  // Windows editors like to begin a file with a byte order mark.
  const plain = text.replace(/^\uFEFF/, '');
  const scan = new JsonScan(plain);
  const stopped = scan.document();
  if (stopped === undefined) return { kind: 'value', value: JSON.parse(plain), repeated: scan.repeated };
  const before = plain.slice(0, stopped.at).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  return { kind: 'problem', message: `is not JSON: ${place}: expected ${stopped.expected}` };
}

interface Stop {
  readonly at: number;
  readonly expected: string;
}

const space = /[ \t\r\n]*/y;
// Any character from the space on, except the quotation mark and the backslash.
const string = /"[ !#-[\]-\u{10FFFF}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\u{10FFFF}]*)*"/uy;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const deepest = 50;

class JsonScan {
  readonly repeated: Finding[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Stop | undefined {
    const stopped = this.#value([]);
    if (stopped !== undefined) return stopped;
    return this.#at === this.#text.length ? undefined : this.#stop('the end of the file');
  }

  #value(path: Path): Stop | undefined {
    this.#take(space);
    if (path.length > deepest) return this.#stop(`at most ${deepest} levels`);
    if (this.#takeText('{')) return this.#object(path);
    if (this.#takeText('[')) return this.#list(path);
    if (this.#take(string) === undefined && this.#take(scalar) === undefined) {
      return this.#stop('a value: an object, a list, text in double quotes, a number, true, false or null');
    }
    this.#take(space);
    return undefined;
  }

  #object(path: Path): Stop | undefined {
    const keys = new Set<string>();
    this.#take(space);
    if (this.#close('}')) return undefined;
    do {
      this.#take(space);
      const quoted = this.#take(string);
      if (quoted === undefined) return this.#stop('a key in double quotes');
      const key: string = JSON.parse(quoted);
      if (keys.has(key)) this.repeated.push({ path: [...path, key], message: 'stands twice; expected each key once' });
      keys.add(key);
      this.#take(space);
      if (!this.#takeText(':')) return this.#stop('":"');
      const stopped = this.#value([...path, key]);
      if (stopped !== undefined) return stopped;
    } while (this.#takeText(','));
    return this.#close('}') ? undefined : this.#stop('"," or "}"');
  }

  #list(path: Path): Stop | undefined {
    this.#take(space);
    if (this.#close(']')) return undefined;
    let index = 0;
    do {
      const stopped = this.#value([...path, index++]);
      if (stopped !== undefined) return stopped;
    } while (this.#takeText(','));
    return this.#close(']') ? undefined : this.#stop('"," or "]"');
  }

  #close(bracket: string): boolean {
    const closed = this.#takeText(bracket);
    if (closed) this.#take(space);
    return closed;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [match] = pattern.exec(this.#text) ?? [];
    this.#at += match?.length ?? 0;
    return match;
  }

  #takeText(text: string): boolean {
    const found = this.#text.startsWith(text, this.#at);
    if (found) this.#at += text.length;
    return found;
  }

  #stop(expected: string): Stop {
    return { at: this.#at, expected };
  }
}
