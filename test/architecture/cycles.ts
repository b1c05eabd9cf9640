import { typeCycles } from './allowances.js';
import type { Source } from './readSource.js';

/**
 * Files that import each other in a circle, type-only imports included; each circle is named once, by its shortest way
 * round. The type-only imports listed in `typeCycles` do not count.
 */
export function findCycles(sources: readonly Source[]): string[] {
  const known = new Set(sources.map((source) => source.path));
  const graph = new Map(
    sources.map((source) => [
      source.path,
      source.imports.flatMap(({ file, typeOnly }) =>
        file !== undefined && known.has(file) && !(typeOnly && isMeant(source.path, file)) ? [file] : [],
      ),
    ]),
  );
  const found = new Map<string, string>();
  for (const start of graph.keys()) {
    const circle = shortestCircle(graph, start);
    const members = circle?.toSorted().join();
    if (circle && members !== undefined && !found.has(members)) found.set(members, [...circle, start].join(' -> '));
  }
  return [...found.values()];
}

function isMeant(from: string, to: string): boolean {
  return typeCycles.some((cycle) => from.startsWith(cycle.types) && to === cycle.of);
}

function shortestCircle(graph: ReadonlyMap<string, readonly string[]>, start: string): string[] | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of graph.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
