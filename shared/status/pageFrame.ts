import { createHash } from 'node:crypto';
import { type Html, html, trusted } from './html.js';
import { pageStyle } from './pageStyle.js';
import type { State } from './states.js';

/** A page and the header that must go with it. */
export interface Page {
  readonly html: string;
  /** For the `Content-Security-Policy` header: this style, a picture inside the page, and nothing else. */
  readonly contentSecurityPolicy: string;
}

const styleHash = createHash('sha256').update(pageStyle).digest('base64');

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

// A shape of its own for every state, for those who do not see the colours.
const shapes: Readonly<Record<State, string>> = {
  up: '<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-7"/>',
  degraded: '<path d="M12 2.5 22.5 21h-21z"/><path d="M12 9.5v5M12 17.7v.1"/>',
  regional: '<circle cx="12" cy="12" r="10"/><path d="M12 2a10 10 0 0 1 0 20z" fill="currentColor"/>',
  down: '<path d="M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9z"/><path d="m8.5 8.5 7 7m0-7-7 7"/>',
  unknown: '<circle cx="12" cy="12" r="10"/><path d="M9.2 9.2a2.9 2.9 0 1 1 4 2.7c-.8.4-1.2.9-1.2 1.8M12 17v.1"/>',
  maintenance: '<circle cx="12" cy="12" r="10"/><path d="M9 8v8M15 8v8"/>',
};

const iconColours: Readonly<Record<State, string>> = {
  up: '#17703c',
  degraded: '#865300',
  regional: '#a03b00',
  down: '#b3202c',
  unknown: '#4f5b6b',
  maintenance: '#2456a6',
};

/** The sign of a state; decoration beside its word. */
export function icon(state: State): Html {
  return html`<svg class="${state}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${trusted(shapes[state])}</svg>`;
}

/** A whole page around its parts. It asks for itself again every 30 seconds, without a script. */
export function frame(page: {
  readonly title: string;
  readonly state: State;
  readonly aside: Html;
  readonly main: Html;
}): Page {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="30">
<title>${page.title}</title>
<link rel="icon" href="${favicon(page.state)}">
<style>${trusted(pageStyle)}</style>
</head>
<body>
<div class="wrap">
<header><h1>Edge status</h1>${page.aside}</header>
<main>
${page.main}
</main>
<footer class="soft small"><p>Edge Probes. Times are UTC; this page renews itself every 30 seconds.</p></footer>
</div>
</body>
</html>
`;
  return { html: document.toString(), contentSecurityPolicy };
}

function favicon(state: State): string {
  const style = `fill="none" stroke="${iconColours[state]}" color="${iconColours[state]}" stroke-width="2.5"`;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" ${style}>${shapes[state]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(picture)}`;
}
