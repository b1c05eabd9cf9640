import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../shared/domain/diagnoses/catalogue.js';
import type { CatalogueEntry } from '../../../shared/domain/diagnosis.js';
import { readSources } from '../../architecture/sourceFiles.js';

const codes: readonly (readonly [string, CatalogueEntry])[] = Object.entries(catalogue);

describe('the catalogue of diagnoses', () => {
  test('has every code of the files beside it, each defined once', () => {
    const files = readSources('shared/domain/diagnoses');
    const defined = files.flatMap(({ code }) =>
      [...code.matchAll(/^ {2}([A-Z][A-Z0-9_]*): \{/gm)].map(([, name]) => name),
    );

    expect(defined.sort()).toEqual(Object.keys(catalogue).sort());
  });

  test('has only codes that some part of the program raises', () => {
    const sources = readSources('shared').filter(({ path }) => !path.startsWith('shared/domain/diagnoses/'));
    const raised = (code: string) =>
      sources.some(({ text, code: masked }) =>
        [...text.matchAll(new RegExp(`['"]${code}['"]`, 'g'))].some(({ index }) => masked.charAt(index) !== ' '),
      );

    expect(codes.map(([code]) => code).filter((code) => !raised(code))).toEqual([]);
  });

  test('has no two codes with the same advice or the same meaning', () => {
    for (const text of [
      ({ next }: CatalogueEntry) => next.join('\n'),
      ({ causes }: CatalogueEntry) => causes.join('\n'),
      ({ meaning }: CatalogueEntry) => meaning,
    ]) {
      const texts = codes.map(([, entry]) => text(entry));

      expect(texts.filter((found, index) => texts.indexOf(found) !== index)).toEqual([]);
    }
  });
});

describe.each(codes)('%s', (code, entry) => {
  const texts = [...entry.causes, ...entry.next];

  test('is named <LAYER>_<OBJECT>_<WHAT>', () => {
    expect(code).toMatch(/^[A-Z]+(?:_[A-Z0-9]+){2,}$/);
    expect(code.startsWith(`${entry.layer.toUpperCase()}_`)).toBe(true);
  });

  test('has two to five causes and next steps, each a sentence said once', () => {
    for (const list of [entry.causes, entry.next]) {
      expect(list.length).toBeGreaterThanOrEqual(2);
      expect(list.length).toBeLessThanOrEqual(5);
    }
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.filter((text) => !/^\S.*[.]$/.test(text))).toEqual([]);
  });

  test('has its placeholders inside of commands, and no host of its own', () => {
    const outsideCommands = texts.map((text) =>
      text
        .split('`')
        .filter((_, index) => index % 2 === 0)
        .join(''),
    );

    expect(texts.filter((text) => text.split('`').length % 2 === 0)).toEqual([]);
    expect(outsideCommands.filter((text) => /<[a-z]/.test(text))).toEqual([]);
    expect(texts.filter((text) => /\b(?:contoso|litwareinc|example)\b|\b\d+\.\d+\.\d+\.\d+\b/i.test(text))).toEqual([]);
  });

  test('has a meaning that may stand on a public page: one plain sentence without host, user or command', () => {
    expect(entry.meaning).toMatch(/^[A-Z][^.]*\.$/);
    expect(entry.meaning).not.toMatch(/[`<>@:/\\]|\d/);
    expect(entry.meaning.length).toBeLessThanOrEqual(120);
  });

  test('says plainly when it tells nothing about the service', () => {
    expect(entry.meaning.includes('says nothing about the service')).toBe(entry.fault === 'prober');
  });
});
