import { describe, expect, test } from 'vitest';
import { noteSlots } from '../../../../../shared/protocols/lync/presence/publishDocument.js';
import { readRoamingData } from '../../../../../shared/protocols/lync/presence/roamingData.js';
import { CategoryVersions } from '../../../../../shared/protocols/lync/presence/versions.js';
import { correctVersions } from '../../../../../shared/protocols/lync/presence/wrongDelta.js';
import { beginningsOf, roamingData, wrongDelta } from './samples.js';

describe("a user's own categories", () => {
  test('are read with their versions, whatever the prefixes', () => {
    expect(readRoamingData(roamingData)).toEqual({
      kind: 'own-categories',
      slots: [
        { category: 'state', instance: 536_870_912, container: 2, version: 7 },
        { category: 'note', instance: 0, container: 200, version: 4 },
      ],
      gone: ['calendarData'],
    });
    expect(readRoamingData(roamingData.replaceAll('cat:', 'c:').replace('xmlns:cat', 'xmlns:c'))).toEqual(
      readRoamingData(roamingData),
    );
  });

  test('may come without the other lists around them', () => {
    const text = '<categories uri="sip:k@x"><category name="note" container="300" version="x"/></categories>';

    expect(readRoamingData(text)).toEqual({
      kind: 'own-categories',
      slots: [{ category: 'note', instance: 0, container: 300, version: 0 }],
      gone: [],
    });
  });

  test.each([
    ['', 'XML that is not well-formed (1:0: document must contain a root element.)'],
    ['<roamingData', 'XML that is not well-formed'],
    ['<list/>', 'the element list in place of roamingData or categories'],
  ])('%j cannot be read', (text, what) => {
    expect(readRoamingData(text)).toEqual({ kind: 'unreadable', what: expect.stringContaining(what) });
  });

  test('are not read with a document type, nor when they are longer than 256 KiB', () => {
    expect(readRoamingData(`<!DOCTYPE roamingData [<!ENTITY a "b">]>${roamingData}`)).toEqual({
      kind: 'document-type',
    });
    expect(readRoamingData(`${roamingData}${' '.repeat(262_144)}`)).toEqual({ kind: 'too-large' });
  });

  test('that are cut off anywhere are refused, not thrown at', () => {
    const kinds = new Set(beginningsOf(roamingData.trim()).map((text) => readRoamingData(text).kind));

    expect([...kinds].sort()).toEqual(['own-categories', 'unreadable']);
  });
});

describe('versions', () => {
  test('are 0 for what was never published, else the last that the server told', () => {
    const versions = new CategoryVersions();

    versions.learn(readRoamingData(roamingData));

    expect(versions.of(noteSlots).map(({ container, version }) => [container, version])).toEqual([
      [200, 4],
      [300, 0],
      [400, 0],
    ]);
  });

  test('are forgotten when a category is gone, and kept when a document cannot be read', () => {
    const versions = new CategoryVersions();
    versions.learn(readRoamingData(roamingData));

    versions.learn(readRoamingData('<roamingData'));
    expect(versions.of(noteSlots)[0]?.version).toBe(4);

    versions.learn(readRoamingData('<categories uri="sip:k@x"><category name="note"/></categories>'));
    expect(versions.of(noteSlots)[0]?.version).toBe(0);
  });
});

describe('a publication with wrong versions', () => {
  const sent = noteSlots.map((slot) => ({ ...slot, version: 1 }));

  test('is corrected by the place of each publication', () => {
    expect(correctVersions(wrongDelta, sent)?.map(({ container, version }) => [container, version])).toEqual([
      [200, 8],
      [300, 1],
      [400, 2],
    ]);
  });

  test.each([
    ['another fault', wrongDelta.replace('WrongDelta', 'NoSuchThing')],
    ['the versions that were sent', wrongDelta.replace('"8"', '"1"').replace('"2"', '"1"')],
    ['places that were not sent', wrongDelta.replace('index="1"', 'index="9"').replace('index="3"', 'index="0"')],
    ['no document', ''],
    ['entities', `<!DOCTYPE a [<!ENTITY b "c">]>${wrongDelta}`],
  ])('is not tried again for %s', (_, fault) => {
    expect(correctVersions(fault, sent)).toBeUndefined();
  });

  test('of a fault that is cut off anywhere is no reason to throw', () => {
    const corrected = beginningsOf(wrongDelta).filter((text) => correctVersions(text, sent) !== undefined);

    expect(corrected).toEqual([wrongDelta]);
  });
});
