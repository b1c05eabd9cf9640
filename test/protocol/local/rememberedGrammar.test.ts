import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rememberedGrammar } from '../../../shared/local/rememberedGrammar.mjs';

const projectRoot = join(import.meta.dirname, '..', '..', '..');
const program = `
import { Grammar } from 'sip.js/lib/grammar/index.js';
export const parse = (text, rule) => JSON.stringify(Grammar.parse(text, rule));
`;

interface Parser {
  parse(text: string, rule: string): string;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-grammar-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function load(name: string, plugins: NonNullable<Parameters<typeof build>[0]['plugins']>): Promise<Parser> {
  const outfile = join(folder, `${name}.mjs`);
  const stdin = { contents: program, resolveDir: projectRoot };
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', plugins });
  return import(outfile) as Promise<Parser>;
}

test.each([
  ['sip:pilar@contoso.com;transport=tls', 'SIP_URI'],
  ['sips:[2001:db8::1]:5061;lr?subject=a%20b', 'SIP_URI'],
  ['sip:', 'SIP_URI'],
  ['"Pilar, A." <sip:pilar@contoso.com>;tag=1;epid=2', 'From'],
  ['<sip:probe@192.0.2.1:1234;transport=tls>;expires=90, <sip:a@b>;q=0.5', 'Contact'],
  ['SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK1;received=198.51.100.1;rport=9', 'Via'],
  ['2 REGISTER', 'CSeq'],
  ['two REGISTER', 'CSeq'],
  ['Digest realm="contoso.com", nonce="n", algorithm=SHA-256, qop="auth,auth-int"', 'WWW_Authenticate'],
  ['terminated;reason=noresource', 'Subscription_State'],
  ['\u0000', 'To'],
])('the grammar of the bundle reads %j as %s as the library itself does', async (text, rule) => {
  const [own, bundled] = await Promise.all([load('own', []), load('bundled', [rememberedGrammar])]);

  expect(bundled.parse(text, rule)).toBe(own.parse(text, rule));
});

test('a grammar of another making is refused: nobody would notice that it is slow again', async () => {
  const path = join(folder, 'node_modules', 'sip.js', 'lib', 'grammar', 'pegjs', 'dist', 'grammar.js');
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, 'export const parse = () => 1;');
  const stdin = { contents: "import 'sip.js/lib/grammar/pegjs/dist/grammar.js';", resolveDir: folder };

  const built = build({ stdin, bundle: true, write: false, logLevel: 'silent', plugins: [rememberedGrammar] });

  await expect(built).rejects.toThrow(
    /is not built as that of sip\.js 0\.21: see shared\/local\/rememberedGrammar\.mjs/,
  );
});
