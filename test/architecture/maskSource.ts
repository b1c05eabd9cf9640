/** A source text in which only code is left; every character keeps its place, so that offsets and lines stay true. */
export interface MaskedSource {
  /** Comments and the insides of strings, templates and regular expressions are blanks; the quotes stay. */
  readonly code: string;
  readonly comments: readonly { readonly start: number; readonly end: number }[];
}

/** Reads TypeScript or JavaScript just far enough to tell code from comments, strings, templates and regular expressions. */
export function maskSource(text: string): MaskedSource {
  const comments: { start: number; end: number }[] = [];
  /** Brace depth at which each open `${` of a template began. */
  const templates: number[] = [];
  let depth = 0;
  let code = '';
  const skipTo = (end: number) => {
    code += text.slice(code.length, end).replace(/[^\n\r]/g, ' ');
  };
  const keep = () => {
    code += text.charAt(code.length);
  };

  while (code.length < text.length) {
    const at = code.length;
    const two = text.slice(at, at + 2);
    const one = two.charAt(0);
    if (two === '//' || two === '/*') {
      const end = endOfComment(text, at);
      comments.push({ start: at, end });
      skipTo(end);
    } else if (one === '"' || one === "'" || (one === '/' && startsRegex(code))) {
      const end = one === '/' ? endOfRegex(text, at) : endOfString(text, at);
      keep();
      skipTo(end - 1);
      keep();
    } else if (one === '`' || (one === '}' && templates.at(-1) === depth)) {
      if (one === '}') templates.pop();
      const end = endOfTemplatePart(text, at);
      keep();
      const opens = text.startsWith('${', end - 2);
      skipTo(opens ? end - 2 : end - 1);
      if (opens) {
        keep();
        templates.push(depth);
      }
      keep();
    } else {
      if (one === '{') depth += 1;
      if (one === '}') depth -= 1;
      keep();
    }
  }
  return { code, comments };
}

function endOfComment(text: string, start: number): number {
  const closing = text.startsWith('//', start) ? text.indexOf('\n', start) : text.indexOf('*/', start + 2) + 2;
  return closing < start + 2 ? text.length : closing;
}

function endOfString(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const here = text.charAt(at);
    if (here === '\\') at += 1;
    else if (here === quote || here === '\n') return at + 1;
  }
  return text.length;
}

/** The end of a piece of a template: behind its closing backtick or behind the next `${`. */
function endOfTemplatePart(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === '`') return at + 1;
    else if (text.startsWith('${', at)) return at + 2;
  }
  return text.length;
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const here = text.charAt(at);
    if (here === '\\') at += 1;
    else if (here === '[') inClass = true;
    else if (here === ']') inClass = false;
    else if ((here === '/' && !inClass) || here === '\n') return at + 1;
  }
  return text.length;
}

/** A slash divides behind a value; anywhere else it begins a regular expression. */
function startsRegex(before: string): boolean {
  const last = before.trimEnd();
  if (last === '') return true;
  const word = /[\w$]+$/.exec(last)?.[0];
  if (word === undefined) return !/[)\]}'"`]$/.test(last);
  return /^(?:return|typeof|case|in|of|delete|void|throw|new|instanceof|await|yield|else|do)$/.test(word);
}
