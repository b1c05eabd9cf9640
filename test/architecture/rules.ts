import { isBuiltin } from 'node:module';
import { edges, outside, outsideWords, packages, pureNames, type Zone, zones } from './allowances.js';
import { type Import, lineAt, type Source } from './readSource.js';

/** A broken rule: `shared/run/x.ts:3 imports …: …`. */
export type Violation = string;

/** Imports between our own files run one way. */
export function directionViolations(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) => {
    const zone = zones.find((candidate) => isIn(candidate.in, source.path));
    if (!zone)
      return [`${source.path}:1 lies in no folder that has rules: give it one in test/architecture/allowances.ts`];
    return source.imports.flatMap((found) => {
      if (found.specifier === undefined) return [`${at(source, found)} imports a computed path: name the file`];
      const refusal = found.file === undefined ? undefined : refuse(zone, found.file, found);
      return refusal === undefined ? [] : [`${at(source, found)} imports ${found.file}: ${refusal}`];
    });
  });
}

function refuse(zone: Zone, file: string, found: Import): string | undefined {
  const reaches = (places: readonly string[] = []) => places.some((place) => isIn(place, file));
  if (isIn(zone.in, file) || reaches(zone.mayImport)) return undefined;
  if (reaches(zone.typesOf)) return found.typeOnly ? undefined : `${zone.in} may import only its types (import type)`;
  if (reaches(zone.onDemand))
    return found.dynamic || found.typeOnly ? undefined : `${zone.in} may load it only when needed (import())`;
  return `${zone.in} may import ${zone.mayImport.length > 0 ? zone.mayImport.join(', ') : 'nothing'} and its own folder`;
}

/** The domain needs neither Node nor a package. */
export function selfContainedViolations(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) => {
    const zone = zones.find((candidate) => candidate.selfContained && isIn(candidate.in, source.path));
    const foreign = zone ? source.imports.filter((found) => found.file === undefined) : [];
    return foreign.map(
      (found) => `${at(source, found)} imports ${found.specifier}: ${zone?.in} imports nothing from outside`,
    );
  });
}

/** Sockets, files, processes, the clock and the environment are touched by edge files alone. */
export function outsideViolations(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) => {
    const allowed = edges.filter((edge) => matches(edge.files, source.path)).flatMap((edge) => edge.may);
    return outsideUses(source)
      .filter((use) => !allowed.includes(use.what))
      .map(
        (use) =>
          `${source.path}:${use.line} uses ${use.what}: only the edge files in test/architecture/allowances.ts may`,
      );
  });
}

/** Entries of the list of edge files that no file needs (any more). */
export function idleEdges(sources: readonly Source[]): Violation[] {
  return edges
    .filter(
      (edge) =>
        !sources.some(
          (source) =>
            matches(edge.files, source.path) && outsideUses(source).some(({ what }) => edge.may.includes(what)),
        ),
    )
    .map(
      (edge) =>
        `${edge.files} uses none of ${edge.may.join(', ')}: remove its entry from test/architecture/allowances.ts`,
    );
}

function outsideUses(source: Source): { readonly what: string; readonly line: number }[] {
  const modules = source.imports
    .filter((found) => !found.typeOnly)
    .map((found) => ({ what: moduleOf(found.specifier), line: found.line, names: found.names }))
    .filter(({ what, names }) => outside.includes(what) && !isPure(what, names));
  const words = Object.entries(outsideWords).flatMap(([what, pattern]) =>
    [...source.code.matchAll(pattern)].map((match) => ({ what, line: lineAt(source.code, match.index) })),
  );
  return [...modules, ...words];
}

function isPure(module: string, names: readonly string[]): boolean {
  const pure = pureNames[module] ?? [];
  return names.length > 0 && names.every((name) => pure.includes(name));
}

/** `node:fs` for `fs`, `node:fs` and `fs/promises`; other specifiers as they are. */
function moduleOf(specifier = ''): string {
  if (!isBuiltin(specifier)) return specifier;
  return `node:${specifier.replace(/^node:/, '').split('/')[0]}`;
}

/** A package is imported only where it is wrapped, and only if it is meant at all. */
export function packageViolations(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((found) => found.specifier !== undefined && found.file === undefined && !isBuiltin(found.specifier))
      .flatMap((found) => {
        const home = packages.find(({ name }) => found.specifier === name || found.specifier?.startsWith(`${name}/`));
        if (home?.in.some((place) => isIn(place, source.path))) return [];
        const where = home
          ? `only ${home.in.join(', ')} may`
          : 'it is not in the list in test/architecture/allowances.ts';
        return [`${at(source, found)} imports ${found.specifier}: ${where}`];
      }),
  );
}

/** A longer file is two files. */
export function sizeViolations(sources: readonly Source[], limit: number): Violation[] {
  return sources
    .map((source) => ({ path: source.path, lines: source.text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path}:${limit + 1} has ${lines} lines: ${limit} at most`);
}

/** An exported function, class or constant says what it promises, in a docstring directly above it. */
export function docstringViolations(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) =>
    source.exports
      .filter((exported) => !exported.documented)
      .map(({ line, name }) => `${source.path}:${line} exports ${name} without a docstring directly above it`),
  );
}

function at(source: Source, found: Import): string {
  return `${source.path}:${found.line}`;
}

function isIn(place: string, path: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place;
}

/** `*` stands for part of a name, `**` for everything below. */
function matches(pattern: string, path: string): boolean {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`).test(path);
}
