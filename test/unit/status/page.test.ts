import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { html, trusted } from '../../../shared/status/html.js';
import { problemPage, statusPage } from '../../../shared/status/page.js';
import type { Page } from '../../../shared/status/pageFrame.js';
import type { State } from '../../../shared/status/states.js';
import { type StatusDocument, statusDocument } from '../../../shared/status/statusDocument.js';
import { ago, counts, headline, moment, percent } from '../../../shared/status/words.js';
import { sampleFailure, sampleResult } from '../store/sampleResult.js';
import { rowAfter, sampleDay, sampleInput, sampleMonitored } from './sampleStatus.js';

const hostile = `<script>alert(1)</script>"'&\``;
const escaped = '&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#38;&#96;';

describe('the status page', () => {
  test('says in words what the state is, since when and why', () => {
    const earlier = sampleFailure({ scheduledAt: '2026-11-20T23:10:00.000Z' });
    const down = statusDocument(sampleInput([rowAfter(earlier, sampleFailure())]));

    const text = textOf(statusPage(down));

    expect(text).toContain('Some transactions are down');
    expect(text).toContain('2 transactions: 1 down, 1 unknown');
    expect(text).toContain('Contoso Edge Down');
    expect(text).toContain('Sign-in since 20 Nov 2026, 23:10 UTC Down');
    expect(text).toContain('The server accepted the connection but did not answer. SIP_ANSWER_TIMEOUT');
    expect(text).toContain('westeurope Down 60 s ago');
    expect(text).toContain('eastus Unknown no known run');
    expect(text).toContain('100 % 19 Nov 98.9 % 20 Nov');
    expect(text).toContain('Messaging');
  });

  test('says when it was made, renews itself and has no script', () => {
    const { html: page } = statusPage(statusDocument(sampleInput([])));

    expect(page).toContain('Updated <time datetime="2026-11-20T23:16:00.000Z"');
    expect(page).toContain('<meta http-equiv="refresh" content="30">');
    expect(page).not.toMatch(/<script|javascript:|\son\w+=/i);
  });

  test('says that results cannot be read', () => {
    const lost = statusDocument(sampleInput([], { latest: new Map(), storageAvailable: false }));

    const text = textOf(statusPage(lost));

    expect(text).toContain('The state is not known');
    expect(text).toContain('Some results cannot be read at the moment.');
  });

  test.each([
    [1, '1 result waits to be stored.'],
    [12, '12 results wait to be stored.'],
  ])('says that %i results wait to be stored', (backlog, sentence) => {
    const text = textOf(statusPage(statusDocument(sampleInput([], { backlog }))));

    expect(text).toContain(sentence);
    expect(textOf(statusPage(statusDocument(sampleInput([]))))).not.toContain('stored');
  });

  test('shows a day without data as such', () => {
    const empty = { ...sampleDay('2026-11-19', 0), runs: 0, availability: null };

    expect(textOf(statusPage(statusDocument(sampleInput([], { daysOf: () => [empty] }))))).toContain('no data 19 Nov');
  });

  test('tells of the newest fail-over', () => {
    const failover = {
      region: 'westeurope',
      from: 'edge1.contoso.example:5269',
      to: 'edge2.contoso.example:5269',
      lastGoodAt: '2026-11-20T12:00:00.000Z',
      takenOverAt: '2026-11-20T12:10:00.000Z',
      downForMs: 480_000,
      precisionMs: 120_000,
    };
    const earlier = { ...failover, takenOverAt: '2026-11-19T12:10:00.000Z' };
    const input = sampleInput([], { failoversOf: (_, name) => (name === 'presence' ? [earlier, failover] : []) });

    const text = textOf(statusPage(statusDocument(input)));

    expect(text).toContain(
      '20 Nov 2026, 12:10 UTC : failed over to another server; down for 8 min (2 min more or less), seen from westeurope',
    );
    expect(text.match(/failed over/g)).toHaveLength(1);
    expect(text).not.toContain('edge2');
  });

  test('measures how long ago a run was from when it is shown, not from when it was made', () => {
    const document = statusDocument(sampleInput([rowAfter(sampleResult())]));

    expect(textOf(statusPage({ ...document, ageSeconds: 25 }))).toContain('westeurope Up 85 s ago');
  });

  test('escapes every text that it shows', () => {
    const [edge] = sampleMonitored.edges;
    const [transaction] = edge?.transactions ?? [];
    if (edge === undefined || transaction === undefined) throw new Error('there should be a transaction');
    const monitored = {
      ...sampleMonitored,
      regions: [hostile],
      edges: [{ ...edge, title: hostile, transactions: [{ ...transaction, title: hostile, group: hostile }] }],
    };
    const document = statusDocument(sampleInput([rowAfter(sampleResult({ region: hostile }))], { monitored }));

    const { html: page } = statusPage(document);

    expect(page).not.toContain('<script>');
    expect(page.split(escaped).length - 1).toBe(4);
  });
});

describe('the page of problems', () => {
  test('lists them, escaped', () => {
    const page = problemPage({
      headline: 'The configuration is wrong',
      text: 'Correct it.',
      problems: ['first', hostile],
    });

    expect(textOf(page)).toContain('The configuration is wrong Correct it. first');
    expect(page.html).toContain(`<li>${escaped}</li>`);
    expect(page.html).not.toContain('<script>');
  });

  test('has no list where there is none', () => {
    expect(problemPage({ headline: 'Nothing is configured', text: 'Add an edge.', problems: [] }).html).not.toContain(
      'class="problems"',
    );
  });
});

describe('the policy of a page', () => {
  test('allows the style that is in the page, by its hash, and nothing from outside', () => {
    const { html: page, contentSecurityPolicy } = statusPage(statusDocument(sampleInput([])));

    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(contentSecurityPolicy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(page).not.toMatch(/\sstyle="|(src|href)="(?!data:)/);
  });
});

describe('words', () => {
  test.each<[State, string]>([
    ['up', 'All transactions are up'],
    ['maintenance', 'Maintenance is under way'],
    ['unknown', 'The state is not known'],
    ['degraded', 'Some transactions are degraded'],
    ['regional', 'Some regions cannot get through'],
    ['down', 'All transactions are down'],
  ])('say of a single transaction that is %s: %s', (state, words) => {
    expect(headline(statusOf(state))).toBe(words);
    expect(counts(statusOf(state))).toBe(`1 transaction: 1 ${state}`);
  });

  test('say of several transactions what the worst of them is', () => {
    expect(headline(statusOf('down', 'up'))).toBe('Some transactions are down');
    expect(headline(statusOf('unknown', 'up'))).toBe('Some states are not known');
    expect(counts(statusOf('down', 'up', 'up', 'degraded'))).toBe('4 transactions: 1 down, 1 degraded, 2 up');
  });

  test.each([
    [1, '100 %'],
    [0.99999, '99.9 %'],
    [0.5, '50.0 %'],
    [0, '0.0 %'],
  ])('write %d as %s', (share, words) => {
    expect(percent(share)).toBe(words);
  });

  test.each([
    ['2026-11-20T12:00:05.000Z', '0 s ago'],
    ['2026-11-20T11:59:00.000Z', '60 s ago'],
    ['2026-11-20T11:58:00.000Z', '2 min ago'],
    ['2026-11-20T09:00:00.000Z', '3 h ago'],
    ['2026-11-18T00:00:00.000Z', '3 days ago'],
  ])('at noon, call %s %s', (time, words) => {
    expect(ago(time, '2026-11-20T12:00:00.000Z')).toBe(words);
  });

  test('write a moment in UTC', () => {
    expect(moment('2026-01-02T03:04:05.000Z')).toBe('2 Jan 2026, 03:04 UTC');
  });
});

describe('a template', () => {
  test('escapes what is put into it, but not what is HTML already', () => {
    const inner = html`<b>${hostile}</b>`;

    expect(html`<p title="${'"'}">${inner}${[inner, inner]}${7}${trusted('<br>')}</p>`.toString()).toBe(
      `<p title="&#34;">${inner}${inner}${inner}7<br></p>`,
    );
    expect(inner.toString()).toBe(`<b>${escaped}</b>`);
  });
});

/** A status of one edge whose transactions are in these states, the worst first. */
function statusOf(state: State, ...others: readonly State[]): StatusDocument {
  const transactions = [state, ...others].map((own) => ({
    name: 'im',
    title: 'IM',
    state: own,
    since: null,
    regions: [],
    days: [],
  }));
  const edges = [{ name: 'contoso', title: 'Contoso', state, transactions }];
  return { schema: 1, generatedAt: '', ageSeconds: 0, state, edges };
}

function textOf(page: Page): string {
  const body = page.html.slice(page.html.indexOf('<body>'));
  return body
    .replace(/<svg[\s\S]*?<\/svg>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}
