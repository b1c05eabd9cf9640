import { expect, test } from 'vitest';
import { askForRelay } from '../../../../../shared/protocols/lync/mras/relayAccess.js';
import type { SipAnswer } from '../../../../../shared/protocols/sip/answer.js';
import { scopeFor } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

test('of an answer that is no correct SIP nothing is shown, for it may hold the password', async () => {
  const answer: SipAnswer = { kind: 'unparsable', excerpt: 'SIP/2.0 200\r\n\r\n<password>c4n4ry</password>' };
  const user = { peer: 'sip.contoso.com', request: async () => answer };

  const asked = askForRelay(user, 'sip:pilar@contoso.com', 'sip:av@contoso.com', scopeFor(1_000));

  const found = await diagnosisOf(asked);
  expect(found).toMatchObject({
    code: 'SIP_ANSWER_UNPARSABLE',
    error: 'sip.contoso.com answered SERVICE to sip:av@contoso.com with a message that is not correct SIP',
  });
  expect(JSON.stringify(found)).not.toContain('c4n4ry');
});
