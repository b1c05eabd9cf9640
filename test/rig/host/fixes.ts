import { existsSync, renameSync } from 'node:fs';
import type { RigPlan } from '../plan/rigPlan.js';
import { kindOf } from '../plan/services.js';
import { runTool } from './runTool.js';

/** Compiles the two shared objects without which Kamailio's gateway crashes and Prosody cannot look up `.test` names. */
export async function compileFixes({ files, settings }: RigPlan, templates: string): Promise<void> {
  const kinds = settings.services.map((service) => kindOf(service).kind);
  const fixes = [
    { object: files.xmppFix, source: 'xmpp-fix.c', needed: kinds.includes('sip') },
    { object: files.testTldFix, source: 'test-tld-fix.c', needed: kinds.includes('xmpp') || kinds.includes('partner') },
  ];
  const missing = fixes.filter(({ object, needed }) => needed && !existsSync(object));
  await Promise.all(missing.map(({ object, source }) => compile(`${templates}/${source}`, object)));
}

async function compile(source: string, object: string): Promise<void> {
  await runTool('cc', ['-O2', '-shared', '-fPIC', '-o', `${object}.new`, source]);
  renameSync(`${object}.new`, object);
}
