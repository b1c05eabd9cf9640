import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaDocument } from '../../../shared/config/schemaDocument.js';

const committed = new URL('../../../probes.schema.json', import.meta.url);
const guide = new URL('../../../docs/configuration.md', import.meta.url);

test('probes.schema.json is what the code generates (UPDATE=1 writes it)', () => {
  const generated = schemaDocument();

  if (process.env.UPDATE === '1') writeFileSync(committed, generated);

  expect(readFileSync(committed, 'utf8')).toBe(generated);
});

test('the schema describes every key, requires what the design requires and forbids unknown keys', () => {
  const schema: unknown = JSON.parse(schemaDocument());

  const objects = objectsIn(schema);

  expect(objects.length).toBeGreaterThan(20);
  expect(objects.filter((object) => object.additionalProperties !== false)).toEqual([]);
  expect(objects.flatMap((object) => undescribed(object.properties))).toEqual([]);
  expect(objects[0]?.required).toEqual(['edges']);
  expect(objects.find((object) => 'sipDomain' in object.properties)?.required).toEqual([
    'name',
    'sipDomain',
    'transactions',
  ]);
});

test('the guide names every key in code letters', () => {
  const text = readFileSync(guide, 'utf8');
  const keys = objectsIn(JSON.parse(schemaDocument())).flatMap((object) => Object.keys(object.properties));

  const missing = [...new Set(keys)].filter((key) => !text.includes(`\`${key}\``));

  expect(missing).toEqual([]);
});

interface ObjectSchema {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

function objectsIn(value: unknown): readonly ObjectSchema[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(objectsIn);
  return isObjectSchema(value) ? [value, ...below] : below;
}

function isObjectSchema(value: object): value is ObjectSchema {
  return 'properties' in value && 'type' in value && value.type === 'object';
}

function undescribed(properties: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(properties)
    .filter(([, property]) => typeof property !== 'object' || property === null || !('description' in property))
    .map(([key]) => key);
}
