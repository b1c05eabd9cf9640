import { printable } from '../domain/text.js';
import type { CheckedStep } from './failoverCheckPool.js';
import type { FailoverCheck } from './failoverCheckSteps.js';

const phases: Readonly<Record<FailoverCheck['phase'], string>> = {
  before: 'before a fail-over',
  during: 'federation is down: fail over, or bring the pool back',
  after: 'after a fail-over',
};

/** The checklist for a person to follow. */
export function formatCheck(check: FailoverCheck): string {
  const { diagnosis } = check;
  const lines = [
    `XMPP federation of ${check.sipDomain}, edge ${check.edge}, ${check.checkedAt.slice(0, 19)}Z`,
    `Active    : ${check.active ?? 'none'}`,
    `Move      : ${check.from ?? '?'} -> ${check.to ?? '?'} (${check.ready ? 'ready' : 'not ready'})`,
    `Phase     : ${phases[check.phase]}`,
    ...(diagnosis === undefined ? [] : [`Diagnosis : ${diagnosis.code}: ${diagnosis.error}`]),
    '',
    ...check.steps.flatMap(stepLines),
  ];
  return `${lines.map(cut).join('\n')}\n`;
}

/** What has changed since `before`, one line each; empty where nothing has. */
export function formatChanges(check: FailoverCheck, before: FailoverCheck): string {
  const at = `${check.checkedAt.slice(11, 19)}Z`;
  const changed = check.steps.filter(({ step, state, seen }) => {
    const old = before.steps.find((other) => other.step === step);
    return old?.state !== state || old.seen !== seen;
  });
  const lines = [
    ...(check.active === before.active ? [] : [`${at} active: ${check.active ?? 'none'}`]),
    ...(check.phase === before.phase ? [] : [`${at} ${phases[check.phase]}`]),
    ...changed.map(({ step, what, state, seen }) => `${at} step ${step} ${state}: ${what}: ${seen}`),
  ];
  return lines.map((line) => `${cut(line)}\n`).join('');
}

function stepLines({ step, what, state, seen, command }: CheckedStep): readonly string[] {
  const lines = [`${`[${state}]`.padEnd(17)}${step}. ${what}`, `${' '.repeat(20)}${seen}`];
  return command === undefined ? lines : [...lines, `${' '.repeat(20)}> ${command}`];
}

/** Names come from DNS and errors from servers: nothing in them may move the cursor. */
function cut(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  return `${indent}${printable(line, 500)}`;
}
