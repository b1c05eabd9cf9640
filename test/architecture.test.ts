import { describe, expect, test } from 'vitest';
import { findCycles } from './architecture/cycles.js';
import { readSource, type Source } from './architecture/readSource.js';
import {
  directionViolations,
  docstringViolations,
  idleEdges,
  outsideViolations,
  packageViolations,
  selfContainedViolations,
  sizeViolations,
} from './architecture/rules.js';
import { readSources } from './architecture/sourceFiles.js';

const sources = readSources('shared', 'functions');
const shared = sources.filter(({ path }) => path.startsWith('shared/'));
const mostLines = 250;

describe('the project', () => {
  test('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(100);
  });

  test('imports run one way, from the programs down to the domain', () => {
    expect(directionViolations(sources)).toEqual([]);
  });

  test('the domain imports neither a module of Node nor a package', () => {
    expect(selfContainedViolations(sources)).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  test('only edge files touch sockets, files, processes, the clock and the environment', () => {
    expect(outsideViolations(sources)).toEqual([]);
  });

  test('every entry in the list of edge files is needed', () => {
    expect(idleEdges(sources)).toEqual([]);
  });

  test('packages are imported only where they are wrapped', () => {
    expect(packageViolations(sources)).toEqual([]);
  });

  test(`no file is longer than ${mostLines} lines`, () => {
    expect(sizeViolations(sources, mostLines)).toEqual([]);
  });

  test('every exported function, class and constant has a docstring', () => {
    expect(docstringViolations(shared)).toEqual([]);
  });
});

describe('the direction of imports', () => {
  test.each([
    ['shared/domain/a.ts', "import { b } from './b.js';"],
    ['shared/store/table/a.ts', "import { b } from '../../domain/b.js';"],
    ['shared/protocols/sip/a.ts', "import { b } from '../net/b.js';"],
    ['shared/protocols/lync/a.ts', "import { b } from '../sip/b.js';"],
    ['shared/run/a.ts', "import type { B } from '../store/b.js';"],
    ['shared/run/a.ts', "export type { B } from '../protocols/sip/b.js';"],
    ['shared/transactions/a.ts', "import { b } from '../protocols/sip/b.js';"],
    ['shared/compose.ts', "const b = await import('./store/b.js');"],
    ['shared/cli/start.ts', "const b = await import('../local/b.js');"],
    ['shared/cli/start.ts', "import type { B } from '../local/b.js';"],
    ['functions/a.ts', "import { b } from '../shared/compose.js';"],
    ['functions/a.ts', "// import { b } from '../test/b.js';\nconst c = \"import d from '../test/d.js'\";"],
  ])('lets %s say %s', (path, text) => {
    expect(directionViolations([readSource(path, text)])).toEqual([]);
  });

  test.each([
    ['shared/domain/a.ts', "import type { B } from '../config/b.js';", 'shared/config/b.ts'],
    ['shared/config/a.ts', "import { b } from '../store/b.js';", 'shared/store/b.ts'],
    ['shared/protocols/net/a.ts', "import { b } from '../sip/b.js';", 'shared/protocols/sip/b.ts'],
    ['shared/protocols/sip/a.ts', "import { b } from '../lync/b.js';", 'shared/protocols/lync/b.ts'],
    ['shared/run/a.ts', "import { type B } from '../store/b.js';", 'shared/store/b.ts'],
    ['shared/run/a.ts', "export * from '../protocols/sip/b.js';", 'shared/protocols/sip/b.ts'],
    ['shared/transactions/a.ts', "import { b } from '../store/b.js';", 'shared/store/b.ts'],
    ['shared/compose.ts', "import { b } from './cli/b.js';", 'shared/cli/b.ts'],
    ['shared/cli/start.ts', "import { b } from '../local/b.js';", 'shared/local/b.ts'],
    ['shared/local/a.mjs', "await import('../cli/b.js');", 'shared/cli/b.ts'],
    ['shared/local/a.ts', "import '../../test/edge-simulator/b.js';", 'test/edge-simulator/b.ts'],
    ['functions/a.ts', "import { b } from '../shared/run/b.js';", 'shared/run/b.ts'],
  ])('does not let %s say %s', (path, text, file) => {
    expect(directionViolations([readSource(path, `\n${text}`)])).toEqual([
      expect.stringContaining(`${path}:2 imports ${file}: `),
    ]);
  });

  test('names a file in no known folder and a computed path', () => {
    const stray = readSource('shared/helpers/a.ts', '');
    const computed = readSource('shared/compose.ts', 'await import(name);');

    expect(directionViolations([stray, computed])).toEqual([
      'shared/helpers/a.ts:1 lies in no folder that has rules: give it one in test/architecture/allowances.ts',
      'shared/compose.ts:1 imports a computed path: name the file',
    ]);
  });
});

describe('circles', () => {
  const a = (text: string) => readSource('shared/store/a.ts', text);
  const b = (text: string) => readSource('shared/store/b.ts', text);

  test('are found across files, type-only imports included, and named once', () => {
    const circle = findCycles([a("import { b } from './b.js';"), b("import type { A } from './a.js';")]);

    expect(circle).toEqual(['shared/store/a.ts -> shared/store/b.ts -> shared/store/a.ts']);
  });

  test('are not seen where two files import a third', () => {
    const third = readSource('shared/store/c.ts', '');

    expect(findCycles([a("import './b.js'; import './c.js';"), b("import './c.js';"), third])).toEqual([]);
  });

  test('between the shape of a diagnosis and its entries are meant, as long as only types go back', () => {
    const shape = readSource('shared/domain/diagnosis.ts', "import { dns } from './diagnoses/dns.js';");
    const entries = (how: string) =>
      readSource('shared/domain/diagnoses/dns.ts', `${how} { E } from '../diagnosis.js';`);

    expect(findCycles([shape, entries('import type')])).toEqual([]);
    expect(findCycles([shape, entries('import')])).toHaveLength(1);
  });
});

describe('outside things', () => {
  test.each([
    ["import { readFile } from 'node:fs/promises';", 'node:fs'],
    ["import fs from 'fs';", 'node:fs'],
    ["import { connect, isIP } from 'node:net';", 'node:net'],
    ["import * as net from 'node:net';", 'node:net'],
    ["const { connect } = await import('node:tls');", 'node:tls'],
    ["const fs = require('node:fs');", 'node:fs'],
    ["import { createRequire } from 'node:module';", 'node:module'],
    ["import { env } from 'node:process';", 'node:process'],
    ["import * as timers from 'node:timers/promises';", 'node:timers'],
    ['const path = process.env.HOME;', 'process.env'],
    ['const { env } = process;', 'process.env'],
    ["const path = process['env'];", 'process.env'],
    ['const today = new Date();', 'the wall clock'],
    ['const today = new Date;', 'the wall clock'],
    ['const today = Date.now();', 'the wall clock'],
    ['const now = Date.now;', 'the wall clock'],
    ['const begun = performance.now();', 'the monotonic clock'],
    ['const begun = process.hrtime.bigint();', 'the monotonic clock'],
    ['setTimeout(stop, 10);', 'a timer'],
    ['const timer = globalThis.setInterval(stop, 10);', 'a timer'],
    ['const signal = AbortSignal.timeout(10);', 'a timer'],
    [`const text = \`at \${Date.now()} }\`;`, 'the wall clock'],
  ])('are seen in %s', (text, what) => {
    expect(outsideViolations([readSource('shared/status/a.ts', `\n${text}`)])).toEqual([
      `shared/status/a.ts:2 uses ${what}: only the edge files in test/architecture/allowances.ts may`,
    ]);
  });

  test.each([
    "import type { Socket } from 'node:net';",
    "import { isIP, type Socket } from 'node:net';",
    "import { createHash } from 'node:crypto';",
    'const day = new Date(epochMs);',
    'const zero = Date.UTC(2026, 0, 1);',
    'clock.now(); plan.setTimeout; Date.parse(text);',
    '/* process.env */ const words = "Date.now()"; // setTimeout',
    "const pattern = /new Date()['\"]/; const after = 'setInterval';",
    "const text = `Date.now() and 'process.env'`;",
  ])('are not seen in %s', (text) => {
    expect(outsideViolations([readSource('shared/status/a.ts', text)])).toEqual([]);
  });

  test('are open to the edge file that names them, and to it alone', () => {
    const text = "import { connect } from 'node:net';\nsetTimeout(stop, 10);";

    expect(outsideViolations([readSource('shared/protocols/net/dial.ts', text)])).toEqual([
      'shared/protocols/net/dial.ts:2 uses a timer: only the edge files in test/architecture/allowances.ts may',
    ]);
  });
});

describe('the other rules', () => {
  const sample = (text: string): Source => readSource('shared/domain/a.ts', text);

  test('the domain may import neither node: nor a package, not even types', () => {
    expect(selfContainedViolations([sample("import { x } from 'node:util';\nimport type { y } from 'zod';")])).toEqual([
      'shared/domain/a.ts:1 imports node:util: shared/domain/ imports nothing from outside',
      'shared/domain/a.ts:2 imports zod: shared/domain/ imports nothing from outside',
    ]);
  });

  test('a package away from its home, and one that is nowhere listed, are named', () => {
    const texts = readSource(
      'shared/run/a.ts',
      "import { z } from 'zod';\nimport { pad } from 'left-pad';\nimport 'node:util';",
    );

    expect(packageViolations([texts])).toEqual([
      'shared/run/a.ts:1 imports zod: only shared/config/ may',
      'shared/run/a.ts:2 imports left-pad: it is not in the list in test/architecture/allowances.ts',
    ]);
  });

  test('a file of exactly the limit passes, one line more does not', () => {
    expect(sizeViolations([sample('x\n'.repeat(3))], 3)).toEqual([]);
    expect(sizeViolations([sample('x\n'.repeat(4))], 3)).toEqual(['shared/domain/a.ts:4 has 4 lines: 3 at most']);
  });

  test('a docstring stands directly above what it documents', () => {
    const good =
      '/** One. */\nexport const one = 1;\n\n/**\n * Two.\n */\nexport async function two() {}\nexport type Three = 3;\n';
    const bad =
      '/** Far. */\n\nexport const far = 1;\n// No docstring.\nexport class Plain {}\n/* Neither. */\nexport function neither() {}\n';

    expect(docstringViolations([sample(good)])).toEqual([]);
    expect(docstringViolations([sample(bad)])).toEqual([
      'shared/domain/a.ts:3 exports far without a docstring directly above it',
      'shared/domain/a.ts:5 exports Plain without a docstring directly above it',
      'shared/domain/a.ts:7 exports neither without a docstring directly above it',
    ]);
  });
});
