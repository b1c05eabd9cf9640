import { loadSettings } from '../config/loadSettings.js';
import type { ConfigProblem } from '../config/problems.js';
import { accountsFor, regionProblem } from '../config/regions.js';
import { type Variables, whySecretMissing } from '../config/secrets.js';
import type { EdgeSettings, SecretReference, Settings } from '../config/settings.js';
import { configWarnings } from '../config/warnings.js';
import { deadlineOf } from '../plan.js';
import type { Options } from './arguments.js';
import { configPath, problemText } from './configuration.js';
import type { Terminal } from './terminal.js';

interface Report {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

/** `edge-probes check-config`: everything that is wrong with the file at once, and what would not run as meant. */
export function checkConfigCommand(options: Options, variables: Variables, terminal: Terminal): number {
  const file = configPath(options, variables);
  const loaded = loadSettings({ path: file, region: variables.PROBE_REGION?.trim() || undefined });
  const report: Report = loaded.problems
    ? { file, problems: loaded.problems, warnings: [] }
    : reportOn(file, loaded.settings, variables);
  terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
  return report.problems.length > 0 ? 2 : 0;
}

function reportOn(file: string, settings: Settings, variables: Variables): Report {
  const region = regionProblem(settings);
  return {
    file,
    problems: [],
    warnings: [
      ...(region === undefined ? [] : [{ path: 'PROBE_REGION', message: region }]),
      ...configWarnings(settings, deadlineOf),
      ...missingSecrets(settings, variables),
    ],
  };
}

/** Only of what this region's runs use, and only a warning: the secret may be set where the prober runs. */
function missingSecrets(settings: Settings, variables: Variables): ConfigProblem[] {
  return settings.edges.flatMap((edge, index) =>
    secretsOf(edge, settings.ownRegion).flatMap(([path, reference]) => {
      const why = reference && whySecretMissing(reference, variables);
      return why === undefined ? [] : [{ path: `edges[${index}].${path}`, message: why }];
    }),
  );
}

/** Where an edge's settings name a secret that runs from `region` use. */
function secretsOf(edge: EdgeSettings, region: string): readonly (readonly [string, SecretReference | undefined])[] {
  const { 'xmpp-im': message, 'persistent-chat': chat, 'av-edge': relay } = edge.transactions;
  const credentials = relay?.credentials;
  return [
    ...Object.entries(accountsFor(edge, region)).map(
      ([role, { password }]) => [`accounts.${role}.password`, password] as const,
    ),
    ['transactions.xmpp-im.receiver.password', message?.receiver.password],
    ['transactions.persistent-chat.first.password', chat?.users?.first.password],
    ['transactions.persistent-chat.second.password', chat?.users?.second.password],
    credentials?.kind === 'shared-secret'
      ? ['transactions.av-edge.sharedSecret', credentials.sharedSecret]
      : ['transactions.av-edge.password', credentials?.password],
  ];
}

function asText({ file, problems, warnings }: Report): string {
  if (problems.length > 0) return `${file} is wrong:\n${indented(problemText(problems))}`;
  return [`${file} is correct.\n`, warnings.length > 0 ? `Warnings:\n${indented(problemText(warnings))}` : ''].join('');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ').concat('\n');
}
