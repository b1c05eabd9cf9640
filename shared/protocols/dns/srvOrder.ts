import type { SrvRecord } from './answer.js';

/**
 * The records in the order in which a client tries them (RFC 2782): by priority, and inside one priority drawn at
 * random with a chance in proportion to the weight. `random` gives numbers from 0 up to but not including 1.
 */
export function orderSrv(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const priorities = [...new Set(records.map((record) => record.priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    draw(
      records.filter((record) => record.priority === priority),
      random,
    ),
  );
}

function draw(group: readonly SrvRecord[], random: () => number): SrvRecord[] {
  // Weight 0 goes first, as the RFC demands, so that such a record has a small chance beside weighted ones.
  const left = [...group].sort((a, b) => a.weight - b.weight);
  const drawn: SrvRecord[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, record) => sum + record.weight, 0);
    const mark = Math.floor(random() * (total + 1));
    let running = 0;
    const index = left.findIndex((record) => {
      running += record.weight;
      return running >= mark;
    });
    drawn.push(...left.splice(Math.max(index, 0), 1));
  }
  return drawn;
}
