import { dirname, resolve } from 'node:path';
import type { Draft } from './draft.js';
import { certificatesProblem, privateKeyProblem } from './pem.js';
import type { Finding, Path } from './problems.js';

/** The text of a file, or why there is none. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string };

export type ReadFile = (path: string) => FileText;

/** What the files that the configuration names come to. */
export interface ReferencedFiles {
  readonly ca: string | undefined;
  readonly findings: readonly Finding[];
}

/** Relative paths are relative to the configuration file. */
export function besideConfig(configPath: string, path: string): string {
  return resolve(dirname(configPath), path);
}

/** Reads and checks every file that the draft names. */
export function readReferencedFiles(draft: Draft, configPath: string, readFile: ReadFile): ReferencedFiles {
  const findings: Finding[] = [];
  const read = (path: string | undefined, at: Path, problemOf: (text: string) => string | undefined) => {
    if (path === undefined) return undefined;
    const file = readFile(besideConfig(configPath, path));
    const message = file.kind === 'text' ? problemOf(file.text) : whyUnread(file);
    if (message !== undefined) findings.push({ path: at, message });
    return file.kind === 'text' ? file.text : undefined;
  };

  const ca = read(draft.tls?.caFile, ['tls', 'caFile'], certificatesProblem);
  for (const [index, edge] of (draft.edges ?? []).entries()) {
    const at = ['edges', index, 'transactions', 'sip-federation', 'clientCertificate'];
    const files = edge?.transactions?.['sip-federation']?.clientCertificate;
    read(files?.certFile, [...at, 'certFile'], certificatesProblem);
    read(files?.keyFile, [...at, 'keyFile'], privateKeyProblem);
  }
  return { ca, findings };
}

function whyUnread(file: Exclude<FileText, { readonly kind: 'text' }>): string {
  return file.kind === 'missing'
    ? 'names a file that does not exist; expected a PEM file, relative to the configuration file'
    : `names a file that cannot be read (${file.why}); expected a PEM file`;
}
