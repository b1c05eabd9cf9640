import { expect, test } from 'vitest';
import { parseSecrets } from '../../../shared/local/secretsFile.js';

test('secrets are read as a shell reads them', () => {
  const text = "# accounts\nPILAR_PASSWORD='a b$c\"d'\n\nKENMYER_PASSWORD='it'\\''s'\n";

  expect(parseSecrets(text)).toEqual({ PILAR_PASSWORD: 'a b$c"d', KENMYER_PASSWORD: "it's" });
});

test('a line that is none is named by its number alone, never by its text', () => {
  expect(() => parseSecrets("A='1'\nB=hunter2\n")).toThrow(new Error("secrets.env line 2: expected NAME='value'"));
});
