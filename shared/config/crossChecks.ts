import { accountFindings } from './accountChecks.js';
import type { Draft } from './draft.js';
import { isoTime } from './formats.js';
import type { Finding, Path } from './problems.js';
import { transactionNames } from './settings.js';
import { transactionFindings } from './transactionChecks.js';

/** What no single key shows: keys that contradict each other, or need each other. */
export function crossChecks(draft: Draft): readonly Finding[] {
  return [
    ...regionFindings(draft),
    ...functionNameFindings(draft),
    ...(draft.edges ?? []).flatMap((edge, index) => {
      if (edge === undefined) return [];
      const path = ['edges', index];
      return [...accountFindings(edge, path, draft.regions ?? []), ...transactionFindings(edge, path)];
    }),
    ...maintenanceFindings(draft),
  ];
}

function regionFindings({ regions, quorum }: Draft): readonly Finding[] {
  const repeated = repetitions(regions ?? []).map(({ index, earlier }) => ({
    path: ['regions', index],
    message: `is the same as regions[${earlier}]; expected each region once`,
  }));
  const count = regions?.length ?? 1;
  if (quorum === undefined || quorum <= count) return repeated;
  const message = `is ${quorum}; expected at most ${count}, the number of regions`;
  return [...repeated, { path: ['quorum'], message }];
}

/** Edges are told apart by name, and a timer is named `<edge>-<transaction>`: `a` with `xmpp-im` collides with `a-xmpp` with `im`. */
function functionNameFindings({ edges = [] }: Draft): readonly Finding[] {
  const repeated = repetitions(edges.map((edge) => edge?.name)).map(({ index, earlier }) => ({
    path: ['edges', index, 'name'],
    message: `is also the name of edges[${earlier}]; expected a name of its own`,
  }));
  const timers = edges.flatMap((edge, index) =>
    transactionNames
      .filter((transaction) => edge?.transactions?.[transaction] !== undefined)
      .map((transaction) => ({ index, edge: edge?.name, timer: `${edge?.name}-${transaction}` })),
  );
  const collisions = repetitions(timers.map(({ timer }) => timer)).flatMap((repetition) => {
    const [one, other] = [timers[repetition.index], timers[repetition.earlier]];
    if (one === undefined || other === undefined || one.edge === undefined || one.edge === other.edge) return [];
    const message = `gives a timer the name ${one.timer}, as edges[${other.index}] does; expected another name`;
    return [{ path: ['edges', one.index, 'name'], message }];
  });
  return [...repeated, ...collisions];
}

function maintenanceFindings({ maintenance = [], edges = [] }: Draft): readonly Finding[] {
  const names = edges.flatMap((edge) => edge?.name ?? []);
  return maintenance.flatMap((window, index) => {
    const path: Path = ['maintenance', index];
    const from = isoTime(window?.from ?? '');
    const to = isoTime(window?.to ?? '');
    const findings: Finding[] = [];
    if (from !== undefined && to !== undefined && to <= from) {
      findings.push({
        path: [...path, 'to'],
        message: 'is not later than from; expected a window that ends after it begins',
      });
    }
    if (window?.edge !== undefined && !names.includes(window.edge)) {
      findings.push({
        path: [...path, 'edge'],
        message: `is not the name of an edge; expected one of ${names.join(', ')}`,
      });
    }
    return findings;
  });
}

/** Where a value stands a second time, and where it stood first; `undefined` repeats nothing. */
function repetitions(values: readonly (string | undefined)[]): readonly { index: number; earlier: number }[] {
  return values.flatMap((value, index) => {
    const earlier = value === undefined ? index : values.indexOf(value);
    return earlier < index ? [{ index, earlier }] : [];
  });
}
