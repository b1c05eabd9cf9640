import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lyncIm as sessionsForMessages } from '../../../shared/domain/diagnoses/lyncIm.js';
import { lyncSession } from '../../../shared/domain/diagnoses/lyncSession.js';
import { Secret } from '../../../shared/domain/secret.js';
import { md4Of } from '../../../shared/protocols/lync/ntlm/hashes.js';
import { lyncIm } from '../../../shared/transactions/lyncIm.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { failing, waiting, warning } from './imDiagnoses.js';
import { type LyncRun, runLync } from './lyncRun.js';

let simulator: EdgeSimulator;
beforeEach(async () => {
  simulator = await startEdgeSimulator({ dialect: 'lync' });
});
afterEach(() => simulator.close());

const names = Object.keys(lyncIm.steps);
const outcomes = (steps: readonly { readonly name: string; readonly outcome: string }[]) =>
  steps.map(({ name, outcome }) => `${name} ${outcome}`);

async function run(fault: string, more: LyncRun = {}) {
  if (fault !== '') await simulator.setFault(fault);
  const ended = await runLync(simulator, { transaction: lyncIm, ...more });
  // Nobody is left signed in, whatever happened; the peer hears of a lost connection a moment later.
  await expect.poll(() => simulator.state().bindings).toEqual([]);
  return ended;
}

const requestsIn = (trace: string) =>
  [...trace.matchAll(/^>>> \S+ .*\n([A-Z]+) (\S+) SIP/gm)].map(([, method]) => method);

describe('im at a Lync Edge', () => {
  test.each(['', 'signature-version-3', 'signature-version-2', 'signature-swapped'])(
    'two users exchange a pair of messages in a session, and leave nothing behind: %s',
    async (fault) => {
      const { result, trace } = await run(fault);

      expect(result).toMatchObject({ outcome: 'success', warnings: [] });
      expect(outcomes(result.steps)).toEqual(names.map((name) => `${name} passed`));
      expect(requestsIn(trace).filter((method) => method !== 'REGISTER')).toEqual([
        'INVITE',
        'ACK',
        'MESSAGE',
        'MESSAGE',
        'BYE',
      ]);
    },
  );

  test('signs every request and every answer of both sides', async () => {
    const { trace } = await run('');
    const sent = trace.split(/^(?=>>>|<<<)/m).filter((entry) => entry.startsWith('>>>'));

    const unsigned = sent.filter((entry) => !entry.includes('Authorization: NTLM [redacted]'));
    expect(unsigned.map((entry) => /CSeq: .*/.exec(entry)?.[0])).toEqual(['CSeq: 1 REGISTER', 'CSeq: 1 REGISTER']);
  });

  test('sends INVITE as clients of Lync do', async () => {
    const { trace } = await run('');
    const invite = /^INVITE [\s\S]*?\n\n/m.exec(trace)?.[0] ?? '';

    expect(invite).toMatch(/^INVITE sip:kenmyer@contoso\.test SIP\/2\.0$/m);
    expect(invite).toMatch(/^From: <sip:pilar@contoso\.test>;tag=[0-9a-f]{10};epid=[0-9a-f]{12}$/m);
    expect(invite).toMatch(/^To: <sip:kenmyer@contoso\.test>$/m);
    expect(invite).toMatch(/^Contact: <sip:pilar@contoso\.test;opaque=user:epid:[\w-]+;gruu>$/m);
    expect(invite).toMatch(/^Supported: ms-sender$/m);
    expect(invite).toMatch(/^Ms-Conversation-ID: \d{1,10}$/m);
    expect(invite).not.toMatch(/ms-text-format/i);
  });

  test('with the second account disabled it fails as the cmdlet does, and says what to do', async () => {
    const { result } = await run('second-account-disabled');

    expect(result.diagnosis).toMatchObject({
      code: 'SIP_USER_NOT_FOUND',
      step: 'invite',
      serverDiagnosis:
        'ErrorCode=4005,Source=sip.contoso.test,Reason=Destination URI either not enabled for SIP or does not exist',
    });
    expect(result.diagnosis?.error).toMatch(
      /^404, Not Found: answer of sip\.contoso\.test at 127\.0\.0\.1:\d+ to INVITE, expected 200$/,
    );
    expect(result.diagnosis?.next.join('\n')).toContain(
      '"sip:pilar@contoso.test", "sip:kenmyer@contoso.test" | Get-CsUser | Select-Object SipAddress, Enabled',
    );
    expect(result.diagnosis?.next.at(-1)).toContain('--verbose');
    expect(outcomes(result.steps).slice(7)).toEqual([
      'invite failed',
      'accept skipped',
      'send-message skipped',
      'receive-message skipped',
      'send-reply skipped',
      'receive-reply skipped',
      'hang-up skipped',
      'unregister-receiver passed',
      'unregister-sender passed',
    ]);
  });

  test.each(failing)('with %s it fails at %s: %s', async (fault, step, code) => {
    const { result } = await run(fault);

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { step, code } });
  });

  test.each(waiting)('with %s it waits at %s until its time is up: %s', async (fault, step, code) => {
    const { result } = await run(fault, { deadlineMs: 1_500 });

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { step, code } });
  });

  test.each(warning)('%s is a warning: %s', async (fault, codes) => {
    const { result } = await run(fault);

    expect(result.outcome).toBe('success');
    expect(result.warnings.map(({ code }) => code)).toEqual(codes);
  });

  test('these reach every code of sessions', () => {
    const failures = [...failing, ...waiting].map(([, , code]) => code);
    const told: readonly string[] = [...failures, ...warning.flatMap(([, codes]) => codes)];

    const untold = Object.keys({ ...sessionsForMessages, ...lyncSession }).filter((code) => !told.includes(code));

    expect(untold).toEqual([]);
  });

  test('signs in with Digest where that is what is offered, and repeats its credentials in ACK', async () => {
    const { result, trace } = await run('offers-digest-only');

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    const sent = trace.split(/^(?=>>>|<<<)/m).filter((entry) => /^>>>.*\n[A-Z]+ /.test(entry));
    const unproved = sent.filter((entry) => !entry.includes('Authorization: Digest [redacted]'));
    // Each is challenged once: REGISTER of both, and whatever comes first after it. The ACK is of the refusal of INVITE.
    expect(unproved.map((entry) => /CSeq: (.*)/.exec(entry)?.[1])).toEqual([
      '1 REGISTER',
      '1 REGISTER',
      '1 INVITE',
      '1 ACK',
      '1 MESSAGE',
    ]);
  });

  test('what the server says when it ends the sign-in is told', async () => {
    const { result } = await run('signed-out');

    expect(result.diagnosis?.error).toMatch(/^sip\.contoso\.test at 127\.0\.0\.1:\d+ ended the sign-in: rejected$/);
    expect(result.diagnosis?.serverDiagnosis).toBe('ErrorCode=4141,Reason=User disabled');
  });

  test.each(['message-third-user', 'message-other-run'])('what others say is passed over: %s', async (fault) => {
    const { result } = await run(fault);

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
  });

  test('neither password nor hash nor NTLM message shows, whatever becomes of the run', async () => {
    const outputs: string[] = [];
    const canary = 'Canary-77ab-Schlüssel';
    for (const fault of [
      '',
      'second-account-disabled',
      'message-altered',
      'association-changed-later',
      'offers-digest-only',
    ]) {
      const { result, trace } = await run(fault);
      const wrong = await run('', { secondAccount: { password: new Secret(canary) } });
      expect(wrong.result.diagnosis).toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED', step: 'register-receiver' });
      outputs.push(JSON.stringify(result), trace, JSON.stringify(wrong.result), wrong.trace);
      outputs.push(JSON.stringify(simulator.state()));
      if (fault !== '') await simulator.clearFault(fault);
    }
    const all = outputs.join('\n');

    const secrets = [canary, ...Object.values(simulator.users).map(({ password }) => password.reveal())];
    for (const secret of secrets) {
      expect(all).not.toContain(secret);
      expect(all.toLowerCase()).not.toContain(md4Of(Buffer.from(secret, 'utf16le')).toString('hex'));
    }
    expect(all).not.toMatch(/TlRMTVNTUA|gssapi-data|rspauth|crand|response=/);
    expect(all).toContain('NTLM [redacted]');
  });
});
