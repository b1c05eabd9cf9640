import { crossChecks } from './crossChecks.js';
import { draftOf } from './draft.js';
import { type ReadFile, readReferencedFiles } from './fileChecks.js';
import { parseJson } from './json.js';
import { type ConfigProblem, type Finding, issueText, pathText, toFindings } from './problems.js';
import { fileSchema } from './schema.js';
import type { Settings } from './settings.js';
import { toSettings } from './toSettings.js';

/** The settings, or everything that is wrong with the file at once. */
export type CheckedSettings =
  | { readonly settings: Settings; readonly problems?: undefined }
  | { readonly problems: readonly ConfigProblem[]; readonly settings?: undefined };

export interface CheckOptions {
  /** Where the text comes from: its name in messages, and what relative paths are relative to. */
  readonly path: string;
  /** The region this process was told it runs in. */
  readonly ownRegion: string | undefined;
  /** Reads a file that the configuration names. */
  readonly readFile: ReadFile;
}

/** Checks the text of a probes.json. Nothing is taken from a file with a problem in it. */
export function checkSettings(text: string, options: CheckOptions): CheckedSettings {
  const json = parseJson(text);
  if (json.kind === 'problem') return { problems: [{ path: options.path, message: json.message }] };

  const parsed = fileSchema.safeParse(json.value, { error: issueText });
  const wrong = [...json.repeated, ...toFindings(parsed.error?.issues ?? [])];
  const draft = draftOf(json.value, wrong);
  const files = readReferencedFiles(draft, options.path, options.readFile);
  const isObject = wrong.every(({ path }) => path.length > 0);
  const findings = [...wrong, ...(isObject ? unexplained(wrong, crossChecks(draft)) : []), ...files.findings];
  if (parsed.success && findings.length === 0)
    return { settings: toSettings(parsed.data, { ...options, ca: files.ca }) };
  return { problems: distinct(findings.map((finding) => toProblem(finding, options.path))) };
}

/** A value that is wrong in itself is blanked before keys are compared: that it then seems to be missing is no news. */
function unexplained(known: readonly Finding[], found: readonly Finding[]): readonly Finding[] {
  const wrong = new Set(known.map(({ path }) => pathText(path)));
  return found.filter(({ path }) => !path.some((_, index) => wrong.has(pathText(path.slice(0, index + 1)))));
}

function toProblem({ path, message }: Finding, file: string): ConfigProblem {
  return { path: path.length === 0 ? file : pathText(path), message };
}

/** Two checks of one value may say the same. */
function distinct(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem])).values()];
}
