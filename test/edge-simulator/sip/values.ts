/** Parameters of a header value; names in lower case, quotes and escapes removed. */
export type Parameters = ReadonlyMap<string, string>;

/** A `name-addr` or `addr-spec` with its parameters (RFC 3261 section 20.10). */
export interface NameAddress {
  readonly uri: string;
  readonly parameters: Parameters;
}

/** A SIP URI taken apart as far as a registrar needs it. */
export interface SipAddress {
  readonly user: string;
  readonly host: string;
}

/** Splits at `separator` outside of quotes and angle brackets. */
export function splitOutside(text: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  let bracketed = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quoted && character === '\\') {
      part += text.slice(index, index + 2);
      index += 1;
      continue;
    }
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '<') bracketed = true;
    else if (!quoted && character === '>') bracketed = false;
    if (character === separator && !quoted && !bracketed) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return [...parts, part.trim()];
}

/** Reads `name=value` parts; a part without a value reads as the empty string. */
export function readParameters(parts: readonly string[]): Parameters {
  const found = new Map<string, string>();
  for (const part of parts) {
    const [, name = '', raw = ''] = /^([^\s=]+)\s*(?:=\s*(.*))?$/s.exec(part) ?? [];
    const quoted = /^"(.*)"$/s.exec(raw)?.[1];
    if (name !== '') found.set(name.toLowerCase(), quoted === undefined ? raw : quoted.replace(/\\(.)/gs, '$1'));
  }
  return found;
}

/** Reads `"Name" <uri>;parameters` or `uri;parameters`; undefined when there is no URI. */
export function readNameAddress(text: string): NameAddress | undefined {
  const [address = '', ...rest] = splitOutside(text, ';');
  const bracketed = /^(?:"(?:[^"\\]|\\.)*"\s*|[^<"]*)<([^<>\s]+)>$/.exec(address)?.[1];
  const uri = bracketed ?? (/^[a-z][a-z0-9+.-]*:[^\s<>"]+$/i.test(address) ? address : undefined);
  return uri === undefined ? undefined : { uri, parameters: readParameters(rest) };
}

/** User (case kept) and host (lower case) of a sip: or sips: URI; undefined for anything else. */
export function readSipUri(uri: string): SipAddress | undefined {
  const [, user = '', host = ''] =
    /^sips?:(?:([^@:;?<>\s]+)(?::[^@]*)?@)?([a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:[;?].*)?$/i.exec(uri) ?? [];
  return host === '' ? undefined : { user, host: host.toLowerCase() };
}
