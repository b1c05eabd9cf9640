import { type CatalogueEntry, type Layer, layers } from './diagnosis.js';

const layerTitles: Readonly<Record<Layer, string>> = {
  config: 'the settings of the prober',
  dns: 'finding the Edge by name',
  tcp: 'connecting',
  tls: 'encryption and certificates',
  auth: 'proving who the test account is',
  sip: 'signing in and other SIP requests',
  presence: 'presence',
  im: 'instant messages',
  chat: 'chat rooms',
  xmpp: 'XMPP',
  turn: 'media relay',
  push: 'push notification',
  federation: 'federation',
  prober: 'the prober itself',
};

const introduction = `# Diagnoses

<!-- Made from shared/domain/diagnoses/ by a unit test. Change it there, then: UPDATE=1 npx vitest run --project unit diagnosesDocument -->

A run that does not succeed carries one of these codes. Codes are stable: build alerts on them.
**The Edge's** fault makes a run a failure. **The prober's** makes it inconclusive: it says nothing about the Edge and never
turns the status red. A **warning** stands beside a success.

In commands, replace what stands in angle brackets. The cmdlets run in the Lync Server or Skype for Business Server Management
Shell; those about services and certificates of the Edge run on the Edge Server itself.
`;

/** The catalogue of diagnoses as a Markdown document: a section for each layer that has codes, in the order of the layers. */
export function diagnosesDocument(catalogue: Readonly<Record<string, CatalogueEntry>>): string {
  const sections = layers.flatMap((layer) => {
    const codes = Object.entries(catalogue).filter(([, entry]) => entry.layer === layer);
    if (codes.length === 0) return [];
    return [`## \`${layer}\`: ${layerTitles[layer]}\n`, ...codes.map(([code, entry]) => codeSection(code, entry))];
  });
  return [introduction, ...sections].join('\n');
}

function codeSection(code: string, entry: CatalogueEntry): string {
  return `### ${code}

${escaped(entry.meaning)}

${standing(entry)}

Likely causes:

${numbered(entry.causes)}

Next steps:

${numbered(entry.next)}
`;
}

function standing({ fault, degrades }: CatalogueEntry): string {
  if (degrades === undefined)
    return fault === 'target' ? "Fault: the Edge's (failure)." : "Fault: the prober's (inconclusive).";
  return degrades
    ? 'Warning beside a success; makes the state degraded.'
    : 'Warning beside a success; leaves the state as it is.';
}

function numbered(texts: readonly string[]): string {
  return texts.map((text, index) => `${index + 1}. ${escaped(text)}`).join('\n');
}

/** Text outside of `code` spans with Markdown's own characters made harmless. */
function escaped(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replace(/[\\<*[\]]/g, '\\$&') : part))
    .join('`');
}
