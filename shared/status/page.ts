import type { DayRollup } from './days.js';
import type { PublicFailover } from './failovers.js';
import { failoverText } from './failoverText.js';
import { type Html, html } from './html.js';
import { frame, icon, type Page } from './pageFrame.js';
import type { State } from './states.js';
import type { EdgeStatus, RegionStatus, StatusDocument, TransactionStatus } from './statusDocument.js';
import { ago, counts, dayName, headline, moment, percent, shownAt, stateWords } from './words.js';

/** The status page: the document in words, for everyone. */
export function statusPage(document: StatusDocument): Page {
  const now = shownAt(document);
  return frame({
    title: `${stateWords[document.state]}: Edge status`,
    state: document.state,
    aside: html`<p class="soft small">Updated ${at(document.generatedAt, moment(document.generatedAt))}</p>`,
    main: html`${banner(document)}
${document.storage === 'unavailable' ? storageNotice : ''}
${document.backlog === undefined ? '' : backlogNotice(document.backlog)}
${document.edges.map((edge, index) => edgeSection(edge, `edge-${index}`, now))}`,
  });
}

/** A page instead of the status: why there is none, and every problem to be solved. The caller answers for what the texts give away. */
export function problemPage(problem: {
  readonly headline: string;
  readonly text: string;
  readonly problems: readonly string[];
}): Page {
  const list = html`<ul class="problems">${problem.problems.map((text) => html`<li>${text}</li>\n`)}</ul>`;
  return frame({
    title: `${problem.headline}: Edge status`,
    state: 'unknown',
    aside: html``,
    main: html`<section class="banner unknown">${icon('unknown')}
<div><p class="headline">${problem.headline}</p><p class="small">${problem.text}</p></div></section>
${problem.problems.length === 0 ? '' : list}`,
  });
}

const storageNotice = html`<p class="notice">Some results cannot be read at the moment. What depends on them is shown as unknown.</p>`;

function backlogNotice(count: number): Html {
  return html`<p class="notice">${count} ${count === 1 ? 'result waits' : 'results wait'} to be stored.</p>`;
}

function banner(document: StatusDocument): Html {
  return html`<section class="banner ${document.state}" aria-label="Overall state">${icon(document.state)}
<div><p class="headline">${headline(document)}</p><p class="small">${counts(document)}</p></div></section>`;
}

function edgeSection(edge: EdgeStatus, id: string, now: string): Html {
  return html`<section class="edge" aria-labelledby="${id}">
<div class="title"><h2 id="${id}">${edge.title}</h2>${badge(edge.state)}</div>
<ul class="cards">
${edge.transactions.map((transaction) => card(transaction, now))}</ul>
</section>
`;
}

function card(transaction: TransactionStatus, now: string): Html {
  const { state, since, group } = transaction;
  return html`<li class="card ${state}">
<div class="title"><h3>${transaction.title}</h3>
<p>${since === null ? '' : html`<span class="soft small">since ${at(since, moment(since))}</span>`}${badge(state)}</p></div>
${group === undefined ? '' : html`<p class="soft small">${group}</p>`}
${why(transaction)}
${(transaction.failovers ?? []).slice(0, 1).map(failoverLine)}
<div class="detail">
<ul class="regions" aria-label="Regions">${transaction.regions.map((region) => regionRow(region, now))}</ul>
${transaction.days.length === 0 ? '' : html`<ol class="days" aria-label="Availability by day">${transaction.days.map(dayCell)}</ol>`}
</div>
</li>
`;
}

function why({ meaning, code }: TransactionStatus): Html {
  if (meaning === undefined && code === undefined) return html``;
  return html`<p class="why">${meaning ?? ''}${code === undefined ? '' : html` <code>${code}</code>`}</p>`;
}

function failoverLine(failover: PublicFailover): Html {
  return html`<p class="event small">${at(failover.takenOverAt, moment(failover.takenOverAt))}: ${failoverText(failover)}</p>`;
}

function regionRow({ region, state, lastRunAt }: RegionStatus, now: string): Html {
  const run = lastRunAt === null ? html`<span class="never">no known run</span>` : at(lastRunAt, ago(lastRunAt, now));
  return html`<li class="${state}">${icon(state)}<span class="name">${region}</span>
<span class="word">${stateWords[state]}</span>${run}</li>`;
}

function dayCell(day: DayRollup): Html {
  const share = day.availability;
  const told = `${day.runs} runs, ${day.failures} failed, ${day.inconclusive} inconclusive`;
  return html`<li class="${dayState(day)}" title="${told}"><b>${share === null ? noData : percent(share)}</b>
<span>${at(day.day, dayName(day.day))}</span></li>`;
}

const noData = html`<span aria-hidden="true">–</span><span class="hidden">no data</span>`;

// A colour for the figure beside it, which says it exactly.
function dayState({ availability }: DayRollup): State {
  if (availability === null) return 'unknown';
  if (availability === 1) return 'up';
  return availability >= 0.99 ? 'degraded' : 'down';
}

function badge(state: State): Html {
  return html`<span class="badge ${state}">${icon(state)}${stateWords[state]}</span>`;
}

function at(iso: string, words: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${words}</time>`;
}
