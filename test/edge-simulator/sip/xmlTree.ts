/** An element of a document; names without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Character data directly inside, trimmed. */
  readonly text: string;
  /** Everything between its tags, as written. */
  readonly inner: string;
  /** The prefixes that it declares, as written. */
  readonly declarations: string;
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly declarations: string;
  readonly start: number;
  readonly children: XmlElement[];
  text: string;
}

const maxDepth = 20;
const maxElements = 2000;
const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;

/** The root of a document; undefined when it is not well-formed, declares a document type, or is larger than any client's. */
export function readXml(text: string): XmlElement | undefined {
  const open: Open[] = [{ name: '', attributes: new Map(), declarations: '', start: 0, children: [], text: '' }];
  let elements = 0;
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, data, closing, opening, attributes = '', empty, characters] = match;
    end = match.index + whole.length;
    const current = open.at(-1);
    if (current === undefined) return undefined;
    current.text += data ?? unescaped(characters ?? '');
    if (opening !== undefined) {
      elements += 1;
      if (elements > maxElements || open.length > maxDepth) return undefined;
      open.push({ ...readTag(opening, attributes), start: end, children: [], text: '' });
    }
    if (closing !== undefined && closing !== current.name) return undefined;
    if (closing !== undefined || empty === '/') closeLast(open, text, closing === undefined ? end : match.index);
  }
  const [document] = open;
  const [root] = document?.children ?? [];
  const whole = end === text.length && open.length === 1 && document?.children.length === 1;
  return whole && document.text.trim() === '' ? root : undefined;
}

/** The elements at the end of a path of names below an element. */
export function find({ children }: XmlElement, ...path: readonly string[]): readonly XmlElement[] {
  const [name, ...rest] = path;
  const found = children.filter((child) => child.name === name);
  return rest.length === 0 ? found : found.flatMap((child) => find(child, ...rest));
}

/** Text as it may stand in character data and in attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function readTag(name: string, written: string): Pick<Open, 'name' | 'attributes' | 'declarations'> {
  const pairs = [...written.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  const declarations = pairs.filter(([, key = '']) => key.startsWith('xmlns:')).map(([text]) => ` ${text}`);
  const attributes = pairs
    .filter(([, key = '']) => !/^xmlns(:|$)/.test(key))
    .map(([, key = '', double, single]): [string, string] => [local(key), unescaped(double ?? single ?? '')]);
  return { name, attributes: new Map(attributes), declarations: declarations.join('') };
}

function closeLast(open: Open[], text: string, end: number): void {
  const last = open.pop();
  if (last === undefined) return;
  const { name, attributes, declarations, start, children } = last;
  const inner = text.slice(start, Math.max(start, end));
  const element = { name: local(name), attributes, declarations, children, text: last.text.trim(), inner };
  open.at(-1)?.children.push(element);
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const named = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,8}));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return named.get(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
