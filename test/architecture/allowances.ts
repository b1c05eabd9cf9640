/** What a folder may import besides itself. A path that ends in `/` is a folder with everything below it. */
export interface Zone {
  readonly in: string;
  readonly mayImport: readonly string[];
  /** Only by `import type`: the compiler erases it. */
  readonly typesOf?: readonly string[];
  /** Only by `import()`, so that it is loaded when first needed; its types also by `import type`. */
  readonly onDemand?: readonly string[];
  /** No node: module and no package either. */
  readonly selfContained?: true;
}

const domain = 'shared/domain/';
const net = 'shared/protocols/net/';
const dns = 'shared/protocols/dns/';
const sip = 'shared/protocols/sip/';
/** Where the parts are joined; each of them may import all the parts. */
const composition = [
  'shared/accounts.ts',
  'shared/compose.ts',
  'shared/faultyService.ts',
  'shared/logText.ts',
  'shared/onDemand.ts',
  'shared/openPorts.ts',
  'shared/plan.ts',
  'shared/prober.ts',
  'shared/recording.ts',
  'shared/reporting.ts',
  'shared/service.ts',
  'shared/storage.ts',
  'shared/trustedAccounts.ts',
  'shared/workingService.ts',
];
const parts = ['config', 'store', 'telemetry', 'status', 'protocols', 'run', 'transactions'].map(
  (name) => `shared/${name}/`,
);
/** For the version alone. */
const manifest = 'package.json';
const programs = [...composition, domain, 'shared/config/', manifest];

/** Imports run one way: from the programs over `compose.ts` and the transactions down to the domain. */
export const zones: readonly Zone[] = [
  { in: domain, mayImport: [], selfContained: true },
  { in: 'shared/config/', mayImport: [domain] },
  { in: 'shared/store/', mayImport: [domain] },
  { in: 'shared/telemetry/', mayImport: [domain] },
  { in: 'shared/status/', mayImport: [domain], typesOf: ['shared/store/'] },
  { in: net, mayImport: [domain] },
  { in: dns, mayImport: [domain], typesOf: [net] },
  { in: sip, mayImport: [domain, net, dns] },
  { in: 'shared/protocols/xmpp/', mayImport: [domain, net, dns] },
  { in: 'shared/protocols/turn/', mayImport: [domain, net, dns] },
  { in: 'shared/protocols/lync/', mayImport: [domain, net, dns, sip] },
  {
    in: 'shared/run/',
    mayImport: [domain],
    typesOf: ['shared/protocols/', 'shared/store/', 'shared/config/settings.ts'],
  },
  { in: 'shared/transactions/', mayImport: [domain, 'shared/run/', 'shared/protocols/'] },
  ...composition.map((file) => ({ in: file, mayImport: [domain, ...parts, ...composition, manifest] })),
  { in: 'functions/', mayImport: programs, typesOf: ['shared/status/'] },
  { in: 'shared/cli/', mayImport: programs, typesOf: ['shared/run/'], onDemand: ['shared/local/'] },
  { in: 'shared/local/', mayImport: programs, typesOf: ['shared/status/'] },
];

/** Cycles of files that are meant: the first imports the second's types, the second the first's values. */
export const typeCycles: readonly { readonly types: string; readonly of: string; readonly why: string }[] = [
  {
    types: 'shared/domain/diagnoses/',
    of: 'shared/domain/diagnosis.ts',
    why: 'the union of all codes is derived from the entries, and each entry is checked against the shape declared beside it',
  },
];

/** Outside things by which a file stops being pure: modules of Node, and what gives the time or the environment. */
export const outside: readonly string[] = [
  ...['child_process', 'cluster', 'dgram', 'dns', 'fs', 'http', 'http2', 'https', 'inspector', 'module', 'net'],
  ...['perf_hooks', 'process', 'readline', 'repl', 'timers', 'tls', 'vm', 'worker_threads'],
].map((name) => `node:${name}`);

/** Functions of those modules that only compute. */
export const pureNames: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['isIP', 'isIPv4', 'isIPv6'],
};

/** What is looked for in the code itself, by the name used in `edges`. */
export const outsideWords: Readonly<Record<string, RegExp>> = {
  'process.env':
    /(?<![\w$.])process\s*(?:\?\.|\.)\s*env\b|(?<![\w$.])process\s*\[|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g,
  'the wall clock':
    /(?<![\w$.])new\s+Date\s*(?:\(\s*\)|(?![\w$\s(.]))|(?<![\w$.]|\bnew\s+)Date\s*\(|(?<![\w$.])Date\s*\.\s*now\b/g,
  'the monotonic clock': /(?<![\w$])performance\s*\.\s*now\b|(?<![\w$])process\s*\.\s*(?:hrtime|uptime)\b/g,
  'a timer': /(?<![\w$.])(?:globalThis\s*\.\s*)?(?:setTimeout|setInterval)\b|(?<![\w$])AbortSignal\s*\.\s*timeout\b/g,
};

/** The edge files: each touches the outside things named, for the reason given, and decides nothing. */
export const edges: readonly { readonly files: string; readonly may: readonly string[]; readonly why: string }[] = [
  {
    files: 'shared/domain/clock.ts',
    may: ['the wall clock', 'the monotonic clock', 'a timer'],
    why: 'the clock itself',
  },
  { files: 'shared/protocols/net/dial.ts', may: ['node:net'], why: 'opens the TCP connection' },
  { files: 'shared/protocols/net/handshake.ts', may: ['node:tls'], why: 'runs the TLS handshake' },
  { files: 'shared/protocols/net/handshakeWatch.ts', may: ['node:tls'], why: 'looks at a TLS handshake from inside' },
  { files: 'shared/protocols/net/clientIdentity.ts', may: ['node:fs'], why: 'reads a certificate of our own' },
  { files: 'shared/protocols/net/trust.ts', may: ['node:tls'], why: 'loads the root certificates' },
  {
    files: 'shared/protocols/turn/datagramLink.ts',
    may: ['node:dgram'],
    why: 'sends and takes datagrams of media relays',
  },
  { files: 'shared/protocols/dns/resolver.ts', may: ['node:dns'], why: 'asks the DNS servers' },
  {
    files: 'shared/protocols/lync/discovery/httpsGet.ts',
    may: ['node:https', 'node:tls'],
    why: 'asks the autodiscover service',
  },
  { files: 'shared/run/eventLoop.ts', may: ['node:perf_hooks'], why: 'measures how long the event loop was held up' },
  { files: 'shared/config/loadSettings.ts', may: ['node:fs'], why: 'reads probes.json and the files it names' },
  { files: 'shared/store/tableClients.ts', may: ['node:http'], why: 'keeps connections to Table Storage open' },
  { files: 'shared/store/blobService.ts', may: ['node:http'], why: 'keeps connections to Blob Storage open' },
  { files: 'shared/store/fileSpool.ts', may: ['node:fs'], why: 'keeps results that cannot be stored yet' },
  {
    files: 'shared/store/tableCalls.ts',
    may: ['a timer'],
    why: 'bounds a storage call, which the SDK ends only by a signal',
  },
  {
    files: 'shared/telemetry/applicationInsights.ts',
    may: ['process.env'],
    why: 'the SDK takes some of its switches from the environment alone',
  },
  { files: 'functions/main.ts', may: ['process.env'], why: 'the entry point in Azure hands the environment on' },
  { files: 'shared/cli/main.ts', may: ['process.env'], why: 'the entry point of the command hands the environment on' },
  { files: 'shared/cli/startCommand.ts', may: ['process.env'], why: 'hands --config on to the host it starts' },
  { files: 'shared/cli/traceFile.ts', may: ['node:fs'], why: 'writes the file of --trace' },
  { files: 'shared/cli/terminal.ts', may: ['node:readline'], why: 'asks for a password without showing it' },
  {
    files: 'shared/local/**',
    may: [...outside, ...Object.keys(outsideWords)],
    why: 'the embedded host: starts processes, serves HTTP and plays the part of Azure; never deployed',
  },
];

/** Packages and the only places that may import them. Each is wrapped once; the rest of the code knows our own types. */
export const packages: readonly { readonly name: string; readonly in: readonly string[] }[] = [
  { name: 'zod', in: ['shared/config/'] },
  { name: 'croner', in: ['shared/config/', 'shared/local/'] },
  { name: 'sip.js/lib/core', in: [sip] },
  { name: 'js-md4', in: ['shared/protocols/lync/'] },
  { name: 'saxes', in: [sip, 'shared/protocols/xmpp/'] },
  { name: '@xmpp/client', in: ['shared/protocols/xmpp/client/'] },
  { name: '@xmpp/client-core', in: ['shared/protocols/xmpp/client/'] },
  { name: '@xmpp/connection-tcp', in: ['shared/protocols/xmpp/client/'] },
  { name: '@azure/data-tables', in: ['shared/store/'] },
  { name: '@azure/identity', in: ['shared/store/', 'shared/telemetry/'] },
  { name: 'applicationinsights', in: ['shared/telemetry/'] },
  { name: '@azure/storage-blob', in: ['shared/store/'] },
  { name: '@azure/functions', in: ['functions/'] },
  { name: 'esbuild', in: ['shared/local/'] },
];
