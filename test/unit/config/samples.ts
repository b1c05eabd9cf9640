import { type CheckedSettings, checkSettings } from '../../../shared/config/checkSettings.js';
import type { FileText } from '../../../shared/config/fileChecks.js';
import type { ConfigProblem } from '../../../shared/config/problems.js';
import type { Settings } from '../../../shared/config/settings.js';

export type Json = Record<string, unknown>;

/** A small edge that is right; `changes` replace its keys. */
export function edge(changes: Json = {}): Json {
  return {
    name: 'contoso',
    sipDomain: 'contoso.com',
    accounts: { first: account('pilar'), second: account('kenmyer') },
    transactions: { registration: {} },
    ...changes,
  };
}

export function account(user: string, changes: Json = {}): Json {
  return { sipAddress: `sip:${user}@contoso.com`, password: { env: `${user.toUpperCase()}_PASSWORD` }, ...changes };
}

/** A file of one edge; `changes` replace its keys. */
export function file(changes: Json = {}, ...edges: readonly Json[]): Json {
  return { edges: edges.length === 0 ? [edge()] : edges, ...changes };
}

export interface World {
  readonly ownRegion?: string;
  readonly files?: Readonly<Record<string, FileText>>;
}

export function check(input: unknown, world: World = {}): CheckedSettings {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  return checkSettings(text, {
    path: '/etc/probes/probes.json',
    ownRegion: world.ownRegion,
    readFile: (path) => world.files?.[path] ?? { kind: 'missing' },
  });
}

export function settingsOf(input: unknown, world: World = {}): Settings {
  const { settings, problems } = check(input, world);
  if (settings === undefined) throw new Error(`expected no problems: ${JSON.stringify(problems)}`);
  return settings;
}

export function problemsOf(input: unknown, world: World = {}): readonly ConfigProblem[] {
  return check(input, world).problems ?? [];
}
