import type { ConfigProblem } from './config/problems.js';
import type { Answer, Service } from './service.js';
import { problemPage } from './status/page.js';

/** Nothing runs. The problems name settings and what was expected of them, never their values, so that anybody may see them. */
export function faultyService(problems: readonly ConfigProblem[]): Service {
  const document: Answer = { kind: 'json', status: 503, document: { schema: 1, state: 'unknown', problems } };
  const page = problemPage({
    headline: 'Nothing is monitored: the configuration is wrong',
    text: 'Correct what is listed here and restart. The command "edge-probes check-config" tells the same.',
    problems: problems.map(({ path, message }) => `${path}: ${message}`),
  });
  return {
    plan: [],
    runScheduled: () => Promise.reject(new Error('nothing can run: the configuration is wrong')),
    runOnDemand: () => Promise.reject(new Error('nothing can run: the configuration is wrong')),
    answerRun: async () => document,
    status: async () => document,
    transactionStatus: async () => document,
    page: async () => ({ kind: 'page', status: 503, page }),
    stop: async () => {},
  };
}
