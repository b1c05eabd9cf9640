import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type RigPlan, sipDomain, xmppDomain } from '../plan/rigPlan.js';
import { type DnsVariant, sipZone, xmppZone } from '../plan/zones.js';
import { runTool } from './runTool.js';

interface Written {
  readonly variant: DnsVariant;
  readonly serial: number;
}

/** The variant that was written last; `undefined` before the first. */
export function currentVariant(plan: RigPlan): DnsVariant | undefined {
  return written(plan)?.variant;
}

/** Writes both zones under a new serial; a running name server reads them at `reloadZones`. */
export function writeZones(plan: RigPlan, variant: DnsVariant): void {
  const serial = (written(plan)?.serial ?? 0) + 1;
  replaceFile(`${plan.files.dns}/${sipDomain}.zone`, sipZone(plan, variant, serial));
  replaceFile(`${plan.files.dns}/${xmppDomain}.zone`, xmppZone(plan, serial));
  replaceFile(noteOf(plan), JSON.stringify({ variant, serial }));
}

/** Returns once the name server answers from the new zones. */
export async function reloadZones(plan: RigPlan): Promise<void> {
  for (const domain of [sipDomain, xmppDomain]) {
    await runTool('knotc', ['-b', '-t', '5', '-s', plan.files.knotSocket, 'zone-reload', `${domain}.`]);
  }
}

function written(plan: RigPlan): Written | undefined {
  const note = noteOf(plan);
  return existsSync(note) ? JSON.parse(readFileSync(note, 'utf8')) : undefined;
}

function noteOf(plan: RigPlan): string {
  return `${plan.files.dns}/written.json`;
}

/** A reader sees the old text or the new one, never a part. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
