import { answerTo } from '../../sip/answer.js';
import { type HeaderField, value } from '../../sip/message.js';
import type { Exchange, SipService } from '../service.js';
import type { FrontEnd } from './frontEnd.js';
import { lyncEvents } from './lyncRegistrarService.js';

/**
 * What a client asks for in band right after it signed in: its settings, contacts and own state (MS-SIPREGE, MS-PRES). All
 * answers are empty but well-formed and signed.
 */
export function inBandService(frontEnd: FrontEnd): SipService {
  let answered = 0;
  const answerFields = ({ request }: Exchange): readonly HeaderField[] => [
    { name: 'Expires', value: value(request.fields, 'expires') === '0' ? '0' : '3600' },
    { name: 'Contact', value: `<sip:${frontEnd.targetName};transport=tls>` },
    ...(value(request.fields, 'event') === undefined
      ? []
      : [{ name: 'Event', value: value(request.fields, 'event') ?? '' }]),
  ];
  return {
    methods: ['SUBSCRIBE', 'SERVICE'],
    answer(exchange) {
      const { request, source, flow } = exchange;
      const verdict = frontEnd.authenticate(exchange);
      if (verdict.kind === 'answered') return [{ flow, answer: verdict.answer }];
      answered += 1;
      const event = value(request.fields, 'event')?.split(';')[0] ?? '';
      const bad = request.method === 'SUBSCRIBE' && !lyncEvents.includes(event);
      const answer = bad
        ? answerTo(request, source, 489, 'Bad Event')
        : answerTo(request, source, 200, 'OK', request.method === 'SUBSCRIBE' ? answerFields(exchange) : []);
      return [{ flow, answer: frontEnd.sign(answer, verdict.association) }];
    },
    flowClosed: () => [],
    describe: () => ({ inBandRequests: answered }),
  };
}
