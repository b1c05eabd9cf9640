import type * as z from 'zod';
import { printable } from '../domain/text.js';
import { nearest } from './nearest.js';

/** One thing wrong with the configuration: where, and what was expected. Values that were found are not repeated unless they are numbers. */
export interface ConfigProblem {
  /** `edges[0].accounts.first.password`; of the file as a whole its name; of the environment the variable's name. */
  readonly path: string;
  readonly message: string;
}

export type Path = readonly PropertyKey[];

/** A problem with its path still in parts. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

/** `['edges', 0, 'name']` as `edges[0].name`; keys that are no plain words stand quoted. */
export function pathText(path: Path): string {
  const parts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    const key = printable(String(part), 60);
    return /^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return parts.join('').replace(/^\./, '');
}

/** What a schema says of a value that is not `what`. Text that was found is never repeated: it may be a misplaced secret. */
export function expected(
  what: string,
): (issue: { readonly input?: unknown; readonly code: string | undefined }) => string {
  return ({ input, code }) => {
    const isText = typeof input === 'string' && input !== '';
    return isText && code !== 'invalid_type' ? `expected ${what}` : `${found(input)}; expected ${what}`;
  };
}

function found(input: unknown): string {
  if (input === undefined) return 'is missing';
  if (input === '') return 'is empty';
  if (typeof input === 'string') return 'is a string';
  if (Array.isArray(input)) return input.length === 0 ? 'is an empty list' : 'is a list';
  return typeof input === 'object' && input !== null ? 'is an object' : `is ${String(input)}`;
}

/** What zod calls an issue, before its message is made. */
type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/** The words for objects, lists and unknown keys, which have no error text of their own; one line for each unknown key. */
export function issueText(issue: RawIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.inst);
    return issue.keys.map((key) => unknownKey(key, known)).join('\n');
  }
  if (issue.code === 'invalid_type') {
    return expected(issue.expected === 'array' ? 'a list' : 'an object')(issue);
  }
  return 'is not valid';
}

function knownKeys(schema: unknown): readonly string[] {
  const isObject = typeof schema === 'object' && schema !== null && 'shape' in schema;
  return isObject && typeof schema.shape === 'object' && schema.shape !== null ? Object.keys(schema.shape) : [];
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `is not a known key; ${near === undefined ? `expected one of ${known.join(', ')}` : `did you mean "${near}"?`}`;
}

/** Zod's issues as findings, each unknown key one of its own. */
export function toFindings(issues: readonly z.core.$ZodIssue[]): readonly Finding[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
    const lines = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: [...issue.path, key],
      message: lines[index] ?? 'is not a known key',
    }));
  });
}
