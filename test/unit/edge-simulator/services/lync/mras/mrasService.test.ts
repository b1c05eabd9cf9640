import { expect, test } from 'vitest';
import { credentialsRequest } from '../../../../../../shared/protocols/lync/mras/credentialsRequest.js';
import { mrasService } from '../../../../../edge-simulator/services/lync/mras/mrasService.js';
import type { Admitted } from '../../../../../edge-simulator/services/lync/poolService.js';

const expiries: number[] = [];
const pool = { domain: 'contoso.test', host: 'fe01.contoso.test', users: ['pilar'], services: [], bindings: () => [] };
const service = mrasService(pool, {
  ...{ host: 'av.contoso.test', udpPort: 3478, tcpPort: 443 },
  credentials(expiresAtMs) {
    expiries.push(expiresAtMs);
    return { userName: 'AAAA', password: 'BBBB' };
  },
});
const uri = /<mrasUri>(.*)<\/mrasUri>/.exec(service.provisioning?.ServerConfiguration ?? '')?.[1] ?? '';
const usual = credentialsRequest(uri, 'sip:pilar@contoso.test').body ?? { contentType: '', content: '' };

/** What is answered to a request with this body. */
function answerTo(content: string, contentType = usual.contentType) {
  const exchange: Admitted = {
    request: { method: 'SERVICE', uri, fields: [{ name: 'content-type', value: contentType }], body: content },
    source: { address: '127.0.0.1', port: 1, token: 'tttttttttt' },
    ...{ flow: 1, nowMs: 1_000, user: 'pilar', destination: { kind: 'service', name: 'av.contoso.test' } },
    binding: {
      user: 'pilar',
      epid: 'e',
      flow: 1,
      contactUri: 'sip:c',
      instance: '',
      expiresAtMs: 1,
    },
  };
  const [sent] = service.answer(exchange);
  if (!sent || !('answer' in sent)) throw new Error('nothing was answered');
  return sent.answer;
}

test('credentials last as long as is asked for, eight hours at most', () => {
  const answers = ['10', '480', '100000'].map((minutes) => answerTo(usual.content.replace('480', minutes)));

  expect(answers.map(({ body }) => /<duration>(\d+)/.exec(body ?? '')?.[1])).toEqual(['10', '480', '480']);
  expect(expiries).toEqual([601_000, 28_801_000, 28_801_000]);
});

test.each([
  ['no XML', 'x', 400],
  ['another document', '<request/>', 400],
  ['a document type', `<!DOCTYPE request>${usual.content}`, 400],
  ['no namespace', usual.content.replace(/xmlns="[^"]*"/, ''), 400],
  ['no time', usual.content.replace(/<duration>.*<\/duration>/, ''), 400],
  ['nowhere', usual.content.replace('internet', 'moon'), 400],
  ['for somebody else', usual.content.replace('<identity>sip:pilar', '<identity>sip:kenmyer'), 403],
])('a request with %s is refused', (_, content, status) => {
  expect(answerTo(content).status).toBe(status);
});

test('a request of another type or version is refused', () => {
  expect(answerTo(usual.content, 'text/plain').status).toBe(415);
  const { status, body } = answerTo(usual.content.replace('version="1.0"', 'version="9.0"'));
  expect(status).toBe(200);
  expect(body).toMatch(/reasonPhrase="Version Mismatch"[^>]*><\/response>$/);
});
