import { headerValues, type RawMessage } from './rawMessage.js';

/** An authentication challenge (RFC 3261 section 20.44, RFC 8760): the scheme and its parameters, names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Who asks: the registrar or user agent (401), or a proxy on the way (407). */
  readonly from: 'registrar' | 'proxy';
}

/** Every challenge of a response, in the server's order. */
export function challengesOf(message: RawMessage): Challenge[] {
  return [
    ...headerValues(message, 'www-authenticate').map((value) => toChallenge(value, 'registrar')),
    ...headerValues(message, 'proxy-authenticate').map((value) => toChallenge(value, 'proxy')),
  ];
}

function toChallenge(value: string, from: Challenge['from']): Challenge {
  const space = value.search(/[ \t]/);
  const scheme = space < 0 ? value : value.slice(0, space);
  return { scheme, parameters: space < 0 ? {} : readParameters(value.slice(space + 1)), from };
}

/** `name=token, name="quoted \"string\""` as a record; the first of a repeated name counts, what fits no form is passed over. */
export function readParameters(text: string): Record<string, string> {
  const parameters: Record<string, string> = Object.create(null);
  for (const match of text.matchAll(
    /([A-Za-z0-9_.!%*+`'~-]{1,64})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)(?=[\s,]|$))/g,
  )) {
    const [, name = '', quoted, token = ''] = match;
    parameters[name.toLowerCase()] ??= quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1');
  }
  return parameters;
}
