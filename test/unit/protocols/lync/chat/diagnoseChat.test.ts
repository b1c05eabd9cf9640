import { describe, expect, test } from 'vitest';
import { diagnoseInvite, joinCode } from '../../../../../shared/protocols/lync/chat/diagnoseChat.js';
import { response } from '../../../../fakes/fakePorts.js';

const uri = 'sip:gc@contoso.com';
const peer = 'sip.contoso.com at 192.0.2.10:443';

describe('a session that is not accepted', () => {
  test.each([
    [404, 'CHAT_SERVER_UNKNOWN'],
    [480, 'CHAT_SERVER_UNAVAILABLE'],
    [503, 'CHAT_SERVER_BUSY'],
    [504, 'CHAT_SERVER_UNREACHABLE'],
    [403, 'CHAT_SESSION_REFUSED'],
    [486, 'CHAT_SESSION_REFUSED'],
  ])('is told by its status %i: %s', (status, code) => {
    expect(diagnoseInvite(uri, peer, response(status, 'Reason'))).toMatchObject({
      code,
      layer: 'chat',
      error: `${status}, Reason: answer of ${peer} to INVITE to ${uri}, expected 200`,
    });
  });

  test('tells what ms-diagnostics means before the causes of the code', () => {
    const answer = response(504, 'Server time-out', 'ms-diagnostics: 1038;reason="Failed";source="fe01.contoso.com"');

    const found = diagnoseInvite(uri, peer, answer);

    expect(found).toMatchObject({
      code: 'CHAT_SERVER_UNREACHABLE',
      serverDiagnosis: 'ErrorCode=1038,Source=fe01.contoso.com,Reason=Failed',
    });
    expect(found?.causes[0]).toBe(
      'ms-diagnostics 1038: no connection to another server (from memory, not confirmed). Its port is closed.',
    );
  });

  test('because the service does not know the user is a matter of its policy, whatever the status', () => {
    const answer = response(403, 'Forbidden', 'ms-diagnostics: 20010;reason="Rejected session"');

    expect(diagnoseInvite(uri, peer, answer)).toMatchObject({
      code: 'CHAT_NOT_ENABLED',
      causes: expect.arrayContaining([
        'ms-diagnostics 20010: the chat service does not know the user. The Persistent Chat policy of the user forbids it.',
      ]),
    });
  });

  test('keeps what is no answer of the chat service apart', () => {
    const silent = { kind: 'timeout', limitMs: 10_000, pendingBytes: 0 } as const;

    expect(diagnoseInvite(uri, peer, silent)?.code).toBe('SIP_ANSWER_TIMEOUT');
    expect(diagnoseInvite(uri, peer, response(200, 'OK'))).toBeUndefined();
  });
});

test.each([
  [403, '', 'CHAT_NOT_MEMBER'],
  [401, 'FAILURE', 'CHAT_NOT_MEMBER'],
  [500, 'FAILURE_USER_NOT_A_MEMBER', 'CHAT_NOT_MEMBER'],
  [500, 'Permission denied', 'CHAT_NOT_MEMBER'],
  [404, '', 'CHAT_ROOM_NOT_FOUND'],
  [500, 'Channel does not exist', 'CHAT_ROOM_NOT_FOUND'],
  [400, 'INVALID_CHANNEL', 'CHAT_ROOM_NOT_FOUND'],
  [500, 'FAILURE_INTERNAL', 'CHAT_JOIN_REFUSED'],
  [503, '', 'CHAT_JOIN_REFUSED'],
])('an entry that is refused with %i "%s" is %s', (code, text, expected) => {
  const reply = { kind: 'reply', name: 'join', envelope: '1', sequence: '1', code, text, data: undefined } as const;

  expect(joinCode(reply)).toBe(expected);
});
