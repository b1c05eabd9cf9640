import type { StepEvent } from '../run/world.js';

/** A line of `--verbose`: the cmdlets' words where they have a name for the step, ours of the same form otherwise. */
export function formatStep(event: StepEvent): string {
  if (event.kind === 'started') return `${subject(event)} started.`;
  const { result } = event;
  if (result.outcome === 'skipped') return `${subject(result)} skipped.`;
  const time = `'${(result.ms / 1000).toFixed(7)}' secs.`;
  if (result.outcome === 'passed') return `${subject(result)} completed in ${time}`;
  return `${subject(result)} failed in ${time} ${result.code}: ${event.error ?? ''}`.trimEnd();
}

function subject(step: { readonly name: string; readonly activity?: string }): string {
  return step.activity === undefined ? `'${step.name}' step` : `'${step.activity}' activity`;
}
