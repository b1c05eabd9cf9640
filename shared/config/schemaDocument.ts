import * as z from 'zod';
import { fileSchema } from './schema.js';

/** The JSON Schema (draft 2020-12) of probes.json as the text of probes.schema.json, so that editors know every key. */
export function schemaDocument(): string {
  const schema = z.toJSONSchema(fileSchema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' });
  const { $schema, ...rest } = schema;
  return `${layOut({ $schema, title: 'Configuration of Edge Probes', ...rest }, '')}\n`;
}

/** JSON as the formatter leaves it: a list of plain values on one line where it fits into 120 columns. */
function layOut(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const plain = value.every((item) => typeof item !== 'object');
    if (plain && line.length + indent.length < 90) return line;
    return `[\n${value.map((item) => inner + layOut(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${layOut(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
