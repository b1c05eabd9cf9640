import type { Finding, Path } from './problems.js';
import type { WrittenFile } from './schema.js';

type Partly<Value> = Value extends readonly (infer Item)[]
  ? readonly (Partly<Item> | undefined)[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: Partly<Value[Key]> | undefined }
    : Value;

/** The file as far as it is valid: checks across keys can run beside errors elsewhere, so that all are told at once. */
export type Draft = Partly<WrittenFile>;
export type EdgeDraft = Partly<WrittenFile['edges'][number]>;
export type PairDraft = NonNullable<EdgeDraft['accounts']>;
export type TransactionsDraft = NonNullable<EdgeDraft['transactions']>;

/** The input with `undefined` in the place of every value that has a finding: what is left passed the schema. */
export function draftOf(input: unknown, findings: readonly Finding[]): Draft {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return {};
  const draft = structuredClone(input);
  for (const { path } of findings) blank(draft, path);
  return draft as Draft;
}

function blank(root: unknown, path: Path): void {
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce(child, root);
  if (last !== undefined && typeof parent === 'object' && parent !== null) Reflect.set(parent, last, undefined);
}

function child(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
