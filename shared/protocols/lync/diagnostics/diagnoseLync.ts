import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../../domain/diagnosis.js';
import type { SipAnswer, SipResponse } from '../../sip/answer.js';
import { diagnoseAnswer, type OwnStatusCodes } from '../../sip/diagnoseAnswer.js';
import { headerValue, headerValues } from '../../sip/rawMessage.js';
import { formatMsDiagnostics, msDiagnosticsOf } from './msDiagnostics.js';
import { type Explanation, explain } from './msDiagnosticsTable.js';

/** What servers tell beside ms-diagnostics. */
const alsoTelling = ['warning', 'retry-after'];

/** The last step of every page about the cmdlets. */
const again = 'Run it again and watch each step: `edge-probes run <transaction> --edge <edge-name> --verbose`.';

const certainties: Readonly<Record<Explanation['certainty'], string>> = {
  published: '',
  observed: ' (as seen in traces)',
  unconfirmed: ' (from memory, not confirmed)',
};

/**
 * The diagnosis of an answer of Lync or Skype for Business to `request` that is no success; undefined for a 2xx. What
 * ms-diagnostics says decides the code where it tells faults apart, and stands before the causes.
 */
export function diagnoseLync(
  request: string,
  peer: string,
  answer: SipAnswer,
  own: OwnStatusCodes = {},
): Diagnosis | undefined {
  const usual = diagnoseAnswer(request, peer, answer, own);
  if (!usual || answer.kind !== 'response') return usual;
  const explained = explanationOf(answer);
  const found = diagnosis(codeOf(answer, explained?.explanation) ?? usual.code, {
    error: `${answer.status}, ${answer.reasonPhrase}: answer of ${peer} to ${request}, expected 200${answer.unsigned ? ' (unsigned)' : ''}`,
    serverDiagnosis: lyncDiagnostics(answer),
  });
  const next = [...found.next, again];
  if (!explained) return { ...found, next };
  const { id, explanation } = explained;
  const cause = `ms-diagnostics ${id}: ${explanation.meaning}${certainties[explanation.certainty]}.`;
  return { ...found, next, causes: [explanation.cause ? `${cause} ${explanation.cause}` : cause, ...found.causes] };
}

/** Every ms-diagnostics of a response as the cmdlets print it, then what else it tells; undefined when it tells nothing. */
export function lyncDiagnostics({ message, status }: SipResponse): string | undefined {
  const more = status >= 300 && status < 400 ? [...alsoTelling, 'contact'] : alsoTelling;
  const said = [
    ...msDiagnosticsOf(message).map(formatMsDiagnostics),
    ...more.flatMap((name) => headerValues(message, name).map((value) => `${name}: ${value}`)),
  ];
  return said.length > 0 ? said.join('; ') : undefined;
}

/** The topmost number that means something. */
function explanationOf(answer: SipResponse): { readonly id: number; readonly explanation: Explanation } | undefined {
  for (const { id } of msDiagnosticsOf(answer.message)) {
    const explanation = explain(id);
    if (explanation) return { id, explanation };
  }
  return undefined;
}

function codeOf(answer: SipResponse, explanation: Explanation | undefined): DiagnosisCode | undefined {
  // Lync also says it as Warning: 310 lcs.microsoft.com "You are currently not using the recommended version".
  const warned = answer.status === 403 && /^310\b/.test(headerValue(answer.message, 'warning') ?? '');
  return explanation?.code ?? (warned ? 'SIP_CLIENT_VERSION_REFUSED' : undefined);
}
