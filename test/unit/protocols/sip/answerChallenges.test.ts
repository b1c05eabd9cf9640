import { describe, expect, test } from 'vitest';
import { answerChallenges, askLifetime } from '../../../../shared/protocols/sip/answerChallenges.js';
import { DigestSession } from '../../../../shared/protocols/sip/digestSession.js';
import { response } from '../../../fakes/fakePorts.js';
import { sampleAccount } from '../../../fakes/world.js';

const challenge = response(407, 'Proxy Authentication Required', 'Proxy-Authenticate: Digest realm="r", nonce="n"');
const ok = response(200, 'OK');

function session() {
  return new DigestSession(sampleAccount(), () => 'cnonce');
}

describe('a request that is challenged', () => {
  test('is sent again with credentials, and its last answer returned', async () => {
    const sent: (readonly string[])[] = [];
    const answers = [challenge, ok];

    const answer = await answerChallenges(session(), 'MESSAGE', 'sip:a@b', async (credentials) => {
      sent.push(credentials);
      return answers.shift() ?? ok;
    });

    expect(answer).toBe(ok);
    expect(sent.map(([first = '']) => first.split(' ', 2).join(' '))).toEqual(['', 'Proxy-Authorization: Digest']);
  });

  test('carries the credentials at once the next time', async () => {
    const digest = session();
    const sent: number[] = [];
    const answers = [challenge, ok, ok];
    const send = async (credentials: readonly string[]) => {
      sent.push(credentials.length);
      return answers.shift() ?? ok;
    };

    await answerChallenges(digest, 'MESSAGE', 'sip:a@b', send);
    await answerChallenges(digest, 'MESSAGE', 'sip:a@b', send);

    expect(sent).toEqual([0, 1, 1]);
  });

  test('is not sent a third time when its credentials are refused', async () => {
    let sent = 0;

    const failing = answerChallenges(session(), 'PUBLISH', 'sip:a@b', async () => {
      sent += 1;
      return challenge;
    });

    await expect(failing).rejects.toMatchObject({ diagnosis: { code: 'AUTH_CREDENTIALS_REJECTED' } });
    expect(sent).toBe(2);
  });

  test('that is lost is returned as it is', async () => {
    const lost = { kind: 'connection-lost', cause: undefined, pendingBytes: 0 } as const;

    expect(await answerChallenges(session(), 'PUBLISH', 'sip:a@b', async () => lost)).toBe(lost);
  });
});

describe('a lifetime', () => {
  const brief = (seconds: string) => response(423, 'Interval Too Brief', `Min-Expires: ${seconds}`);

  async function asked(first: ReturnType<typeof response>, seconds = 90): Promise<number[]> {
    const wishes: number[] = [];
    const answers = [first, ok];
    await askLifetime(seconds, async (wish) => {
      wishes.push(wish);
      return answers.shift() ?? ok;
    });
    return wishes;
  }

  test.each([
    ['that is granted is asked for once', ok, [90]],
    ['that is too brief is asked for once more, as long as the server wants it', brief('120'), [90, 120]],
    ['of more than an hour is not asked for', brief('7200'), [90]],
    ['that the server calls too brief for a shorter one is not asked for', brief('60'), [90]],
    ['that the server names in no number is not asked for', brief('soon'), [90]],
    ['is not asked for again after another refusal', response(500, 'Server Error', 'Min-Expires: 120'), [90]],
  ])('%s', async (_, first, expected) => {
    expect(await asked(first)).toEqual(expected);
  });

  test('of nothing, which ends, is never made longer', async () => {
    expect(await asked(brief('120'), 0)).toEqual([0]);
  });
});
