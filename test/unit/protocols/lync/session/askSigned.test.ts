import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../../shared/domain/secret.js';
import { askSigned } from '../../../../../shared/protocols/lync/session/askSigned.js';
import type { SipAnswer } from '../../../../../shared/protocols/sip/answer.js';
import { DigestSession } from '../../../../../shared/protocols/sip/digestSession.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

const account = { sipAddress: 'sip:a@contoso.com', userName: 'a', password: new Secret('x') };
const challenge = response(401, 'Unauthorized', 'WWW-Authenticate: NTLM realm="r", targetname="t", version=4');

function asking(scheme: 'NTLM' | 'Digest' | undefined, ...answers: readonly SipAnswer[]) {
  const log: string[] = [];
  const given = [...answers];
  const scope = new FakeScope();
  const asked = askSigned(
    {
      method: 'MESSAGE',
      uri: 'sip:b@contoso.com',
      peer: 'sip.contoso.com at 192.0.2.10:443',
      authentication: { scheme },
      digest: new DigestSession(account, () => 'cnonce'),
      renew: async () => void log.push('renew'),
      send: async (credentials) => {
        log.push(`send ${credentials.length}`);
        const answer = given.shift();
        if (!answer) throw new Error('no answer is planned');
        return answer;
      },
    },
    scope,
  );
  return { asked, log, scope };
}

describe('a request of a signed-in user', () => {
  test('is sent once where the server knows the sign-in', async () => {
    const { asked, log, scope } = asking('NTLM', response(200, 'OK'));

    expect(await asked).toMatchObject({ status: 200 });
    expect([log, scope.warnings]).toEqual([['send 0'], []]);
  });

  test('is sent again after a new sign-in where the server forgot it, with a warning', async () => {
    const { asked, log, scope } = asking('NTLM', challenge, response(404, 'Not Found'));

    expect(await asked).toMatchObject({ status: 404 });
    expect(log).toEqual(['send 0', 'renew', 'send 0']);
    expect(scope.warnings).toEqual([
      {
        code: 'AUTH_ASSOCIATION_LOST',
        message:
          'sip.contoso.com at 192.0.2.10:443 answered 401 Unauthorized to a signed MESSAGE: it did not know the sign-in any more, which was repeated',
      },
    ]);
  });

  test('fails where the server forgets that too', async () => {
    const { asked } = asking('NTLM', challenge, challenge);

    expect(await diagnosisOf(asked)).toMatchObject({
      code: 'AUTH_ASSOCIATION_LOST',
      error:
        'sip.contoso.com at 192.0.2.10:443 answered 401 Unauthorized to a signed MESSAGE, and again after a new sign-in',
    });
  });

  test.each(['Digest', undefined] as const)('answers Digest after a sign-in with %s', async (scheme) => {
    const digest = response(407, 'Proxy Authentication Required', 'Proxy-Authenticate: Digest realm="r", nonce="n"');
    const { asked, log } = asking(scheme, digest, response(200, 'OK'));

    expect(await asked).toMatchObject({ status: 200 });
    expect(log).toEqual(['send 0', 'send 1']);
  });
});
