import { describe, expect, test } from 'vitest';
import { usualPolicy } from '../../../../edge-simulator/services/authentication.js';
import { DigestDoor } from '../../../../edge-simulator/services/lync/digestDoor.js';
import { authorization, exchangeOf, requestHead } from '../../requests.js';

const password = 'Tr0mbone!';
const uri = 'sip:kenmyer@contoso.test';
const nonce = 'nonce-1-nonce';

/** Somebody who has invited over connection 1, and the credentials that the INVITE had. */
function invited() {
  const realm = { name: 'contoso.test', opaque: 'op', passwords: new Map([['pilar', password]]), nonceAgeMs: 300_000 };
  const door = new DigestDoor(realm, () => usualPolicy);
  const credentials = authorization({ nonce, password, uri, method: 'INVITE' });
  const ask = (method: string, lines: readonly string[], flow = 1) =>
    door.authenticate(exchangeOf(requestHead({ method, uri, lines }), { flow, token: nonce }));
  ask('INVITE', []);
  return { door, ask, credentials, answer: ask('INVITE', [credentials]) };
}

describe('Digest at the simulated front end', () => {
  test('lets in who proves the password', () => {
    const { door, answer } = invited();

    expect(answer).toMatchObject({ kind: 'accepted', user: 'pilar' });
    expect([door.knows(1), door.knows(2)]).toEqual([true, false]);
  });

  test('takes the ACK that repeats the credentials of its INVITE, and no other', () => {
    const { ask, credentials } = invited();

    const [right, without, wrong, elsewhere] = [
      ask('ACK', [credentials]),
      ask('ACK', []),
      ask('ACK', [authorization({ nonce, password, uri, method: 'ACK', nc: '00000002' })]),
      ask('ACK', [credentials], 2),
    ];

    expect(right).toMatchObject({ kind: 'accepted', user: 'pilar' });
    for (const answer of [without, wrong, elsewhere]) {
      expect(answer).toMatchObject({ kind: 'answered', answer: { status: 403 } });
    }
  });

  test('takes CANCEL from a connection over which somebody came in, until it is closed', () => {
    const { door, ask } = invited();

    expect(ask('CANCEL', [])).toMatchObject({ kind: 'accepted', user: 'pilar' });
    expect(ask('CANCEL', [], 2)).toMatchObject({ kind: 'answered' });
    door.dropFlow(1);
    expect(ask('CANCEL', [])).toMatchObject({ kind: 'answered' });
  });
});
