import { printable } from '../../../domain/text.js';
import type { RawMessage } from '../../sip/rawMessage.js';

/** One `ms-diagnostics`, `ms-diagnostics-public` or `ms-client-diagnostics` header field (MS-OCER 2.2.1). */
export interface MsDiagnostics {
  readonly id: number;
  readonly subcode: number | undefined;
  /** The host that wrote it. */
  readonly source: string | undefined;
  readonly reason: string | undefined;
  /** Every other parameter, names as written. */
  readonly more: readonly (readonly [string, string])[];
}

const names = new Set(['ms-diagnostics', 'ms-diagnostics-public', 'ms-client-diagnostics']);
const mostHeaders = 10;
const mostParameters = 20;
const longestValue = 300;

/** Every readable one of a message, topmost first, each kind once where both say the same. */
export function msDiagnosticsOf(message: RawMessage): MsDiagnostics[] {
  const found = message.headers
    .filter((header) => names.has(header.name))
    .slice(0, mostHeaders)
    .map((header) => readMsDiagnostics(header.value))
    .filter((read) => read !== undefined);
  const texts = found.map(formatMsDiagnostics);
  return found.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}

/** Reads `1008;reason="…";source="…"`; undefined when it does not begin with a number. */
export function readMsDiagnostics(value: string): MsDiagnostics | undefined {
  const [, id, subcode, list = ''] = /^(\d{1,6})(?:\.(\d{1,6}))?[ \t]*((?:;.*)?)$/s.exec(value) ?? [];
  if (id === undefined) return undefined;
  const parameters = [...list.matchAll(/;[ \t]*([A-Za-z0-9_.-]{1,64})[ \t]*=[ \t]*(?:"([^"]*)"|([^;"]*))/g)]
    .slice(0, mostParameters)
    .map(([, name = '', quoted, token = '']): [string, string] => [
      name,
      printable(quoted ?? token.trim(), longestValue),
    ]);
  const parameterOf = (wanted: string): string | undefined =>
    parameters.find(([name]) => name.toLowerCase() === wanted)?.[1];
  return {
    id: Number(id),
    subcode: subcode === undefined ? undefined : Number(subcode),
    source: parameterOf('source'),
    reason: parameterOf('reason'),
    more: parameters.filter(([name]) => !['source', 'reason'].includes(name.toLowerCase())),
  };
}

/** As the cmdlets print it, `ErrorCode=1008,Source=…,Reason=…`, followed by what else the server told. */
export function formatMsDiagnostics({ id, subcode, source, reason, more }: MsDiagnostics): string {
  const parts = [
    `ErrorCode=${id}${subcode === undefined ? '' : `.${subcode}`}`,
    ...(source === undefined ? [] : [`Source=${source}`]),
    ...(reason === undefined ? [] : [`Reason=${reason}`]),
    ...more.map(([name, value]) => `${name}=${value}`),
  ];
  return parts.join(',');
}
