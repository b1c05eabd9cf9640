import { posix } from 'node:path';
import { maskSource } from './maskSource.js';

/** One source file as the rules see it. */
export interface Source {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text without comments and without the insides of strings; same length, same lines. */
  readonly code: string;
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
}

export interface Import {
  readonly line: number;
  /** As written: `./clock.js`, `node:fs`, `zod`; `undefined` where it is computed. */
  readonly specifier: string | undefined;
  /** The file it means, relative to the project; `undefined` for modules and packages. */
  readonly file: string | undefined;
  /** Erased by the compiler: `import type`, `export type … from`, `typeof import()`. */
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
  /** The names it takes as values; empty for `* as`, a default import, a side effect and dynamic imports. */
  readonly names: readonly string[];
}

export interface Export {
  readonly line: number;
  readonly name: string;
  readonly documented: boolean;
}

/** Reads the imports and exports of a source file; `path` is relative to the project. */
export function readSource(path: string, text: string): Source {
  const { code, comments } = maskSource(text);
  const docs = comments.filter(({ start }) => text.startsWith('/**', start));
  const found = [...staticImports(code), ...callImports(code)].sort((a, b) => a.at - b.at);
  return {
    path,
    text,
    code,
    imports: found.map(({ at, quoteAt, clause, typeOnly, dynamic }) => {
      const specifier = quoteAt === undefined ? undefined : stringAt(text, quoteAt);
      return {
        line: lineAt(code, at),
        specifier,
        file: fileOf(path, specifier),
        typeOnly,
        dynamic,
        names: namesOf(clause),
      };
    }),
    exports: exportsOf(code, (at) => docs.some(({ end }) => /^[ \t]*\r?\n?[ \t]*$/.test(text.slice(end, at)))),
  };
}

/** The line, from 1, that an offset lies on. */
export function lineAt(code: string, offset: number): number {
  return code.slice(0, offset).split('\n').length;
}

interface Found {
  readonly at: number;
  readonly quoteAt: number | undefined;
  readonly clause: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

const fromClause =
  /(?<![\w$.])(?:import|export)\b\s*(?<type>type\b(?!\s*(?:,|from\b\s*['"])))?\s*(?<clause>(?:[\w$]+\s*,?\s*)?(?:\*\s*(?:as\s+[\w$]+\s*)?|\{[^{}]*\}\s*)?)\bfrom\s*(?=['"])/g;
const sideEffect = /(?<![\w$.])import\s*(?=['"])/g;
const call = /(?<![\w$.])(?<typeof>typeof\s+)?(?:import|require)\s*\(\s*(?<quote>['"`])?/g;

function staticImports(code: string): Found[] {
  const named = [...code.matchAll(fromClause)].map((match) => ({
    at: match.index,
    quoteAt: match.index + match[0].length,
    clause: match.groups?.clause ?? '',
    typeOnly: match.groups?.type !== undefined,
    dynamic: false,
  }));
  const bare = [...code.matchAll(sideEffect)].map((match) => ({
    at: match.index,
    quoteAt: match.index + match[0].length,
    clause: '',
    typeOnly: false,
    dynamic: false,
  }));
  return [...named, ...bare];
}

function callImports(code: string): Found[] {
  return [...code.matchAll(call)].map((match) => ({
    at: match.index,
    quoteAt: match.groups?.quote === undefined ? undefined : match.index + match[0].length - 1,
    clause: '',
    typeOnly: match.groups?.typeof !== undefined,
    dynamic: true,
  }));
}

function stringAt(text: string, quoteAt: number): string {
  return text.slice(quoteAt + 1, text.indexOf(text.charAt(quoteAt), quoteAt + 1));
}

function namesOf(clause: string): string[] {
  const inside = /^\{([^{}]*)\}\s*$/.exec(clause)?.[1] ?? '';
  const parts = inside.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '' && !part.startsWith('type ')).map((part) => part.replace(/\s+as\s.*$/, ''));
}

function fileOf(path: string, specifier: string | undefined): string | undefined {
  if (specifier === undefined || !/^\.{0,2}\//.test(specifier)) return undefined;
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
}

const declaration =
  /(?<![\w$.])export\s+(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s+(?<name>[\w$]+|\{[^}]*\}|\[[^\]]*\])/g;

function exportsOf(code: string, documentedAt: (offset: number) => boolean): Export[] {
  const exports = new Map<string, Export>();
  for (const match of code.matchAll(declaration)) {
    const name = match.groups?.name ?? '';
    // Of an overloaded function the first signature carries the docstring.
    if (exports.has(name)) continue;
    exports.set(name, { line: lineAt(code, match.index), name, documented: documentedAt(match.index) });
  }
  return [...exports.values()];
}
