import { describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../../../../shared/domain/diagnosis.js';
import { connect, hangUp, isInvitation, ring } from '../../../../../shared/protocols/lync/im/establish.js';
import type { SipAnswer } from '../../../../../shared/protocols/sip/answer.js';
import { readMessage } from '../../../../../shared/protocols/sip/rawMessage.js';
import { FakeIncomingCall, FakeOutgoingCall, received } from '../../../../fakes/fakeCalls.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

const parties = {
  from: 'sip:pilar@contoso.com',
  to: 'sip:kenmyer@contoso.com',
  peer: 'sip.contoso.com at 192.0.2.10:443',
};
const description = { contentType: 'application/sdp', content: 'm=message 5060 sip null' };
const invite = received('INVITE', 'body: m=message 5060 sip null');
const lost: SipAnswer = { kind: 'connection-lost', cause: undefined, pendingBytes: 0 };

/** 200 to INVITE; with a description of messages unless `body` says otherwise. */
function accepted(body = 'm=message 5060 sip sip:kenmyer@contoso.com'): SipAnswer {
  const answer = response(200, 'OK');
  return answer.kind === 'response' ? { ...answer, message: { ...answer.message, body } } : answer;
}

function refusedWith(id: number | string, reason: string, name = 'ms-diagnostics'): string {
  return `${name}: ${id};reason="${reason}";source="fe01.contoso.com"`;
}

/** The deadline is over already wherever something waits for it. */
function over(): FakeScope {
  const scope = new FakeScope();
  scope.expire(10_000);
  return scope;
}

const rung = (answer: SipAnswer | undefined, provisional?: string): Promise<Diagnosis> =>
  diagnosisOf(
    ring(
      { ...parties, call: new FakeOutgoingCall(answer, provisional), invitation: new FakeIncomingCall(undefined) },
      '42',
      description,
      answer ? new FakeScope() : over(),
    ),
  );

describe('inviting to a session for messages', () => {
  test('is done when it rings, and names the conversation', async () => {
    const call = new FakeOutgoingCall(undefined);
    await ring({ ...parties, call, invitation: new FakeIncomingCall(invite) }, '42', description, new FakeScope());

    expect(call.started).toEqual(['Supported: ms-sender', 'Ms-Conversation-ID: 42']);
  });

  test('of a disabled account fails as the cmdlet shows it, with the command for both accounts first', async () => {
    const reason = 'Destination URI either not enabled for SIP or does not exist';
    const found = await rung(response(404, 'Not Found', refusedWith(4005, reason)));

    expect(found).toMatchObject({
      code: 'SIP_USER_NOT_FOUND',
      error: '404, Not Found: answer of sip.contoso.com at 192.0.2.10:443 to INVITE, expected 200',
      serverDiagnosis: `ErrorCode=4005,Source=fe01.contoso.com,Reason=${reason}`,
    });
    expect(found.next[0]).toBe(
      'See whether both accounts exist and are enabled: `"sip:pilar@contoso.com", "sip:kenmyer@contoso.com" | Get-CsUser | Select-Object SipAddress, Enabled`.',
    );
    expect(found.next.at(-1)).toContain('--verbose');
    expect(found.causes[0]).toContain('ms-diagnostics 4005');
  });

  test.each([
    [403, 'Forbidden', 'Server: x', 'IM_INVITATION_FORBIDDEN'],
    [403, 'Forbidden', refusedWith(1002, 'From user is not allowed'), 'FEDERATION_POLICY_FORBIDS'],
    [403, 'Forbidden', refusedWith(4003, 'no remote access'), 'AUTH_REMOTE_ACCESS_FORBIDDEN'],
    [480, 'Temporarily Unavailable', refusedWith(15000, 'no endpoint'), 'IM_INVITEE_UNAVAILABLE'],
    [486, 'Busy Here', 'Server: x', 'IM_INVITATION_DECLINED'],
    [600, 'Busy Everywhere', 'Server: x', 'IM_INVITATION_DECLINED'],
    [603, 'Decline', 'Warning: 309 lcs.microsoft.com "blocked"', 'IM_INVITATION_DECLINED'],
    [606, 'Not Acceptable', 'Warning: 309 lcs.microsoft.com "blocked"', 'IM_INVITATION_DECLINED'],
    [415, 'Unsupported Media Type', 'Server: x', 'IM_INVITATION_NOT_ACCEPTABLE'],
    [488, 'Not Acceptable Here', refusedWith(24000, 'SDP'), 'IM_INVITATION_NOT_ACCEPTABLE'],
    [504, 'Server time-out', refusedWith(1005, 'no route'), 'FEDERATION_DOMAIN_REFUSED'],
    [504, 'Server time-out', refusedWith(1007, 'for the moment'), 'SIP_NEXT_HOP_UNREACHABLE'],
    [504, 'Server time-out', refusedWith(1008, 'SRV'), 'FEDERATION_SRV_UNRESOLVED'],
    [504, 'Server time-out', refusedWith(1009, 'no match'), 'FEDERATION_DOMAIN_REFUSED'],
    [504, 'Server time-out', refusedWith(1010, 'certificate'), 'SIP_NEXT_HOP_UNTRUSTED'],
    [504, 'Server time-out', refusedWith(1014, 'A'), 'SIP_NEXT_HOP_UNRESOLVED'],
    [504, 'Server time-out', refusedWith(1034, 'nothing'), 'FEDERATION_PARTNER_REFUSED'],
    [504, 'Server time-out', refusedWith(1038, 'connect'), 'SIP_NEXT_HOP_UNREACHABLE'],
    [504, 'Server time-out', refusedWith(1046, 'connect'), 'FEDERATION_PARTNER_UNREACHABLE'],
    [504, 'Server time-out', refusedWith(1047, 'TLS'), 'FEDERATION_PARTNER_UNREACHABLE'],
    [504, 'Server time-out', 'Server: x', 'SIP_GATEWAY_TIMEOUT'],
  ])('that is answered %i %s with %s is %s', async (status, reasonPhrase, header, code) => {
    const found = await rung(response(status, reasonPhrase, header));

    expect(found).toMatchObject({
      code,
      error: `${status}, ${reasonPhrase}: answer of sip.contoso.com at 192.0.2.10:443 to INVITE, expected 200`,
    });
  });

  test('shows what a client said about a conversation that exists already', async () => {
    const found = await rung(
      response(488, 'Not Acceptable Here', refusedWith(52035, 'exists', 'ms-client-diagnostics')),
    );

    expect(found).toMatchObject({
      code: 'IM_INVITATION_NOT_ACCEPTABLE',
      serverDiagnosis: 'ErrorCode=52035,Source=fe01.contoso.com,Reason=exists',
    });
  });

  test('tells silence, work without an end, and an answer of somebody else apart', async () => {
    expect(await rung(undefined)).toMatchObject({
      code: 'SIP_ANSWER_TIMEOUT',
      error: 'no final answer from sip.contoso.com at 192.0.2.10:443 to INVITE within 10000 ms',
    });
    expect(await rung(undefined, '101 Progress Report')).toMatchObject({
      code: 'IM_INVITATION_NOT_DELIVERED',
      error: 'INVITE was answered 101 Progress Report, but did not reach sip:kenmyer@contoso.com within 10000 ms',
    });
    expect(await rung(accepted())).toMatchObject({
      code: 'IM_INVITATION_TAKEN_ELSEWHERE',
      error: 'INVITE was accepted in the name of sip:kenmyer@contoso.com, but did not reach the prober',
    });
    expect(await rung(lost)).toMatchObject({ code: 'SIP_CONNECTION_LOST' });
  });

  test('fails when the connection of the other side breaks, or the description got lost', async () => {
    const broken = new FakeIncomingCall(undefined);
    broken.connectionEnd = lost;
    const ends = { ...parties, call: new FakeOutgoingCall(undefined) };
    const bare = new FakeIncomingCall(received('INVITE'));

    expect(await diagnosisOf(ring({ ...ends, invitation: broken }, '42', description, new FakeScope()))).toMatchObject({
      code: 'IM_CONNECTION_LOST',
    });
    expect(await diagnosisOf(ring({ ...ends, invitation: bare }, '42', description, new FakeScope()))).toMatchObject({
      code: 'IM_SESSION_DESCRIPTION_MISSING',
      error:
        'the INVITE of sip:pilar@contoso.com reached sip:kenmyer@contoso.com without a description of a session for messages (m=message)',
    });
  });
});

describe('accepting', () => {
  const accept = (call: FakeOutgoingCall, invitation: FakeIncomingCall, scope = new FakeScope()) =>
    connect({ ...parties, call, invitation }, description, scope);

  test('is done when the answer and its confirmation have come', async () => {
    const invitation = new FakeIncomingCall(invite);
    invitation.dialog.unread.push(received('INFO'), received('ACK'));

    expect(await accept(new FakeOutgoingCall(accepted()), invitation)).toBe(invitation.dialog);
  });

  test.each<[string, FakeOutgoingCall, string, string]>([
    [
      'only rings',
      new FakeOutgoingCall(undefined, '180 Ringing'),
      'IM_INVITATION_UNANSWERED',
      'sip.contoso.com at 192.0.2.10:443 answered INVITE with 180 Ringing only, and with nothing final within 10000 ms',
    ],
    [
      'is refused after all',
      new FakeOutgoingCall(response(488, 'Not Acceptable Here')),
      'IM_INVITATION_NOT_ACCEPTABLE',
      '488, Not Acceptable Here: answer of sip.contoso.com at 192.0.2.10:443 to INVITE, expected 200',
    ],
    [
      'has no description',
      new FakeOutgoingCall(accepted('')),
      'IM_SESSION_DESCRIPTION_MISSING',
      'sip.contoso.com at 192.0.2.10:443 answered INVITE with 200 without a description of a session for messages (m=message)',
    ],
    [
      'is not confirmed',
      new FakeOutgoingCall(accepted()),
      'IM_SESSION_NOT_CONFIRMED',
      'the ACK for sip:kenmyer@contoso.com did not come within 10000 ms',
    ],
  ])('fails when the session %s', async (_, call, code, error) => {
    expect(await diagnosisOf(accept(call, new FakeIncomingCall(invite), over()))).toMatchObject({ code, error });
  });

  test('fails when the session is ended at once, or its connection breaks', async () => {
    const ended = new FakeIncomingCall(invite);
    ended.dialog.end('Reason: SIP;cause=500', 'ms-diagnostics: 1006;reason="broke"');
    const broken = new FakeIncomingCall(invite);
    broken.dialog.connectionEnd = lost;
    const call = new FakeOutgoingCall(accepted());

    expect(await diagnosisOf(accept(call, ended))).toMatchObject({
      code: 'IM_SESSION_ENDED',
      error: 'the other side ended the session with BYE while the ACK for sip:kenmyer@contoso.com was awaited',
      serverDiagnosis: 'ErrorCode=1006,Reason=broke; reason: SIP;cause=500',
    });
    expect(await diagnosisOf(accept(call, broken))).toMatchObject({ code: 'IM_CONNECTION_LOST' });
  });
});

describe('hanging up', () => {
  async function hungUp(answer: SipAnswer | undefined) {
    const [call, invitation] = [new FakeOutgoingCall(accepted()), new FakeIncomingCall(invite)];
    call.ended = answer;
    const scope = new FakeScope();
    await hangUp({ ...parties, call, invitation }, scope);
    return { scope, alive: [call.alive, invitation.alive] };
  }

  test('ends both sides, and is content with 200 or with nothing to end', async () => {
    for (const answer of [undefined, response(200, 'OK')]) {
      expect(await hungUp(answer)).toMatchObject({ alive: [false, false], scope: { warnings: [] } });
    }
  });

  test('warns when BYE is not confirmed', async () => {
    const timeout: SipAnswer = { kind: 'timeout', limitMs: 1_666, pendingBytes: 0 };

    expect((await hungUp(timeout)).scope.warnings).toEqual([
      {
        code: 'IM_BYE_UNANSWERED',
        message: 'no final answer from sip.contoso.com at 192.0.2.10:443 to BYE within 1666 ms',
      },
    ]);
    expect((await hungUp(response(481, 'Gone'))).scope.warnings).toEqual([
      {
        code: 'IM_BYE_UNANSWERED',
        message: '481, Gone: answer of sip.contoso.com at 192.0.2.10:443 to BYE, expected 200',
      },
    ]);
  });

  test('fails when the connection is gone', async () => {
    expect(await diagnosisOf(hungUp(lost))).toMatchObject({ code: 'SIP_CONNECTION_LOST' });
  });
});

describe('the INVITE of this run', () => {
  const of = (...lines: readonly string[]) => readMessage(`INVITE sip:x SIP/2.0\r\n${lines.join('\r\n')}\r\n\r\n`);

  test.each([
    [of('Ms-Conversation-ID: 42', 'From: <sip:anybody@contoso.com>'), true],
    [of('Ms-Conversation-ID: 43', 'From: <sip:pilar@contoso.com>'), false],
    [of('From: "P" <sip:Pilar@contoso.com>;tag=1'), true],
    [of('From: <sip:other@contoso.com>'), false],
    [of(), false],
  ])('is known by its conversation, or else by its sender: %#', (message, expected) => {
    expect(isInvitation(message, '42', 'sip:pilar@contoso.com')).toBe(expected);
  });
});
