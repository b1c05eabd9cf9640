import type { Scope } from '../../../domain/scope.js';
import { type ProbedTarget, probeTarget, type TargetProbing } from './probeTarget.js';
import type { ResolvedTarget } from './resolveTargets.js';

/** Enough that a few silent targets hold up nobody, too few to look like an attack. */
const atOnce = 5;

/**
 * Probes every target, the best priority first and several at once, so that a silent one does not hold up the others. What is spent
 * after the targets of the best priority are done is not booked as the edge's time. The results are in the order of the targets.
 */
export async function probeTargets(
  targets: readonly ResolvedTarget[],
  probing: TargetProbing,
  scope: Scope,
): Promise<readonly ProbedTarget[]> {
  const { clock } = probing;
  const probed: ProbedTarget[] = [];
  const best = targets.filter(({ record }) => record.priority === targets[0]?.record.priority).length;
  let bestDoneAt = clock.monotonic();
  let next = 0;
  const worker = async () => {
    for (;;) {
      const index = next;
      next += 1;
      const target = targets[index];
      if (!target) return;
      probed[index] = await probeTarget(target, probing, scope);
      if (index < best) bestDoneAt = clock.monotonic();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, targets.length) }, worker));
  scope.exclude(clock.monotonic() - bestDoneAt);
  return probed;
}
