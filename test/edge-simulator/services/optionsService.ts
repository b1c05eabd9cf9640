import { answerTo } from '../sip/answer.js';
import type { SipService } from './service.js';

/** Answers OPTIONS with 200 (RFC 3261 section 11.2), without asking who wants to know. */
export function optionsService(methods: readonly string[]): SipService {
  const allow = ['OPTIONS', ...methods].join(', ');
  return {
    methods: ['OPTIONS'],
    answer: ({ request, source, flow }) => [
      { flow, answer: answerTo(request, source, 200, 'OK', [{ name: 'Allow', value: allow }]) },
    ],
    flowClosed: () => [],
    describe: () => ({}),
  };
}
