import { readFileSync } from 'node:fs';

const decoder = /\n {4}function peg\$decode\(s\) \{\n.*\n {4}\}(?=\n)/;
const rules = /\n {4}const peg\$bytecode = \[\n(?: {8}peg\$decode\(".*"\),?\n)+ {4}\];(?=\n)/;
const parser = /(?=\nfunction peg\$parse\(input, options\) \{\n)/;

/**
 * The grammar of sip.js 0.21 decodes all its rules anew for every header field it parses: four fifths of the parser's time, and
 * most of its garbage. They are only read, so that decoding them once, beside the parser in place of inside it, is enough.
 */
export const rememberedGrammar = {
  name: 'remembered-grammar',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]sip\.js[\\/]lib[\\/]grammar[\\/]pegjs[\\/]dist[\\/]grammar\.js$/ }, ({ path }) => {
      return { contents: hoisted(readFileSync(path, 'utf8'), path), loader: 'js' };
    });
  },
};

function hoisted(source, path) {
  const parts = [decoder, rules].map((pattern) => pattern.exec(source)?.[0]);
  if (parts.includes(undefined) || !parser.test(source)) {
    throw new Error(`${path} is not built as that of sip.js 0.21: see shared/local/rememberedGrammar.mjs`);
  }
  const without = parts.reduce((text, part) => text.replace(part, () => ''), source);
  return without.replace(parser, () => parts.join(''));
}
