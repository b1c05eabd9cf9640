import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../shared/domain/secret.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { runLync } from './lyncRun.js';

let simulator: EdgeSimulator;
beforeEach(async () => {
  simulator = await startEdgeSimulator({ dialect: 'lync' });
});
afterEach(() => simulator.close());

const outcomes = (steps: readonly { readonly name: string; readonly outcome: string }[]) =>
  steps.map(({ name, outcome }) => `${name} ${outcome}`);

describe('registration at a Lync Edge', () => {
  test.each(['', 'signature-version-3', 'signature-version-2'])(
    'signs in with NTLM, checks every signature, and signs out: %s',
    async (fault) => {
      if (fault !== '') await simulator.setFault(fault);

      const { result } = await runLync(simulator);

      expect(result).toMatchObject({ outcome: 'success', warnings: [] });
      expect(outcomes(result.steps)).toEqual([
        'resolve passed',
        'connect passed',
        'tls passed',
        'register passed',
        'unregister passed',
      ]);
      expect(result.observations).toMatchObject({
        registrar: 'fe01.contoso.test',
        serverVersion: 'RTC/5.0',
        authenticationScheme: 'NTLM',
        signatureVersion: fault === '' ? 4 : Number(fault.at(-1)),
        userLogonData: 'RemoteUser',
        gruu: expect.stringMatching(/^sip:pilar@contoso\.test;opaque=user:epid:[\w-]+;gruu$/),
        tlsVersion: 'TLSv1.3',
      });
      // Three legs, the removal, and nothing but the two challenges refused.
      expect(simulator.state()).toMatchObject({ bindings: [], requests: { REGISTER: 4 }, answers: { 401: 2, 200: 2 } });
    },
  );

  test.each(['CONTOSO\\pilar', 'pilar@contoso.test', 'pilar', 'contoso\\PILAR'])(
    'knows the account by the name %s',
    async (userName) => {
      const { result } = await runLync(simulator, { account: { userName } });

      expect(result.outcome).toBe('success');
    },
  );

  test('signs in with Digest where that is what is offered', async () => {
    await simulator.setFault('offers-digest-only');

    const { result } = await runLync(simulator);

    expect(result).toMatchObject({ outcome: 'success', observations: { authenticationScheme: 'Digest' } });
    expect(simulator.state().bindings).toEqual([]);
  });

  test('follows a redirect inside of the SIP domain and leaves no binding at either server', async () => {
    const second = await startEdgeSimulator({ dialect: 'lync' });
    await simulator.setFault('redirect-inside');

    const { result } = await runLync(simulator, { second, account: { password: second.users.pilar.password } });
    const [first, other] = [simulator.state(), second.state()];
    await second.close();

    expect(result).toMatchObject({ outcome: 'success', observations: { redirectedTo: 'contoso.test:5061' } });
    expect(result.observations.certificates).toHaveLength(2);
    expect(other).toMatchObject({ bindings: [], signIns: { pilar: { accepted: 2 } } });
    expect(first).toMatchObject({ signIns: { pilar: { accepted: 0 } } });
  });
});

describe('registration at a Lync Edge with something wrong fails at register', () => {
  test.each([
    [
      'offers-kerberos-only',
      'AUTH_KERBEROS_ONLY',
      'server answered 401 Unauthorized and offers Kerberos; spoken here are NTLM and Digest',
    ],
    [
      'offers-tls-dsk-only',
      'AUTH_CERTIFICATE_ONLY',
      'server answered 401 Unauthorized and offers TLS-DSK; spoken here are NTLM and Digest',
    ],
    [
      'ntlm-garbage',
      'AUTH_NTLM_MALFORMED',
      'server answered 401 Unauthorized with an NTLM challenge that cannot be answered: it does not begin with NTLMSSP',
    ],
    ['ntlm-truncated', 'AUTH_NTLM_TRUNCATED', /its target information ends at \d+, the message at \d+$/],
    ['ntlm-oversized', 'AUTH_NTLM_OVERSIZED', /it has \d+ bytes, more than 8192$/],
    ['ntlm-overlapping', 'AUTH_NTLM_OVERLAPPING', /its target information begins at 20, inside of the header$/],
    [
      'ntlm-weak',
      'AUTH_NTLM_FLAGS_MISSING',
      /it does not offer sign, datagram, extendedSessionSecurity, identify, targetInfo, keyExchange$/,
    ],
    [
      'challenge-loop',
      'AUTH_CREDENTIALS_REJECTED',
      'server answered 401 Unauthorized to REGISTER with the credentials of CONTOSO\\pilar',
    ],
    [
      'clock-skew',
      'AUTH_CLOCK_SKEW',
      "server answered 401 Unauthorized to REGISTER with the credentials of CONTOSO\\pilar (its clock is 20 minutes ahead of the prober's)",
    ],
    ['redirect-foreign', 'SIP_REDIRECT_FOREIGN', /redirected REGISTER to <sip:sip\.fabrikam\.test:443;transport=tls>$/],
    [
      'redirect-inside',
      'SIP_REQUEST_REDIRECTED',
      /redirected REGISTER to contoso\.test:5061, which is not reached: address of contoso\.test: the name does not exist \(NXDOMAIN\)$/,
    ],
  ])('%s: %s', async (fault, code, error) => {
    await simulator.setFault(fault);

    const { result } = await runLync(simulator);

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code, step: 'register' } });
    expect(result.diagnosis?.error).toMatch(error);
    expect(result.steps.at(-1)).toEqual({ name: 'unregister', outcome: 'skipped', after: 'register' });
    expect(simulator.state().bindings).toEqual([]);
  });

  test.each([
    [
      'account-disabled',
      'SIP_USER_NOT_FOUND',
      '404, Not Found: answer of',
      'ErrorCode=4005,Source=fe01.contoso.test,Reason=Destination URI either not enabled for SIP or does not exist',
    ],
    [
      'remote-access-off',
      'AUTH_REMOTE_ACCESS_FORBIDDEN',
      '403, Forbidden: answer of',
      'ErrorCode=4003,Source=fe01.contoso.test,Reason=User is not enabled for remote access',
    ],
    [
      'other-account',
      'AUTH_IDENTITY_MISMATCH',
      '403, Forbidden: answer of',
      'ErrorCode=4004,Source=fe01.contoso.test,Reason=Credentials belong to another user',
    ],
    [
      'client-refused',
      'SIP_CLIENT_VERSION_REFUSED',
      '403, Forbidden: answer of',
      'ErrorCode=17003,Source=fe01.contoso.test,Reason=Client is not allowed; warning: 310 lcs.microsoft.com "You are currently not using the recommended version"',
    ],
    [
      'homed-elsewhere',
      'SIP_USER_HOMED_ELSEWHERE',
      '480, Temporarily Unavailable: answer of',
      'ErrorCode=4006,Source=fe01.contoso.test,Reason=User is not homed in this pool',
    ],
    [
      'edge-504-1008',
      'FEDERATION_SRV_UNRESOLVED',
      '504, Server time-out: answer of',
      'ErrorCode=1008,Source=sip.contoso.test,Reason=Unable to resolve DNS SRV record,domain=partner.test,dns-srv-result=NegativeResult',
    ],
    [
      'edge-504-1010',
      'SIP_NEXT_HOP_UNTRUSTED',
      '504, Server time-out: answer of',
      'ErrorCode=1010,Source=sip.contoso.test,Reason=Certificate trust with next-hop server could not be established,HRESULT=0x800B0109',
    ],
    [
      'edge-504-1014',
      'SIP_NEXT_HOP_UNRESOLVED',
      '504, Server time-out: answer of',
      'ErrorCode=1014,Source=sip.contoso.test,Reason=Unable to resolve DNS A record,fqdn1=fe01.contoso.test',
    ],
  ])('%s: %s, in the words of the cmdlet', async (fault, code, error, serverDiagnosis) => {
    await simulator.setFault(fault);

    const { result } = await runLync(simulator);

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code, step: 'register', serverDiagnosis } });
    expect(result.diagnosis?.error).toContain(error);
    expect(result.diagnosis?.causes[0]).toMatch(
      new RegExp(`^ms-diagnostics ${serverDiagnosis.slice(10).split(',')[0]}: `),
    );
    expect(simulator.state().bindings).toEqual([]);
  });

  test.each([
    [1005, 'FEDERATION_DOMAIN_REFUSED'],
    [1007, 'SIP_NEXT_HOP_UNREACHABLE'],
    [1009, 'FEDERATION_DOMAIN_REFUSED'],
    [1034, 'FEDERATION_PARTNER_REFUSED'],
    [1046, 'FEDERATION_PARTNER_UNREACHABLE'],
    [1047, 'FEDERATION_PARTNER_UNREACHABLE'],
  ])('a 504 of the Edge with ms-diagnostics %i is %s', async (id, code) => {
    await simulator.setFault(`edge-504-${id}`);

    const { result } = await runLync(simulator);

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code, step: 'register' } });
  });

  test('a wrong password is tried once, and no binding is removed that never was', async () => {
    const { result } = await runLync(simulator, { account: { password: new Secret('wrong') } });

    expect(result.diagnosis).toMatchObject({
      code: 'AUTH_CREDENTIALS_REJECTED',
      serverDiagnosis: 'ErrorCode=1000,Source=fe01.contoso.test,Reason=Final handshake failed,HRESULT=0x8009030C',
    });
    expect(simulator.state()).toMatchObject({
      requests: { REGISTER: 3 },
      signIns: { pilar: { accepted: 0, refused: 1 } },
    });
  });

  test('servers that send each other in circles are left after two hops', async () => {
    const second = await startEdgeSimulator({ dialect: 'lync', faults: ['redirect-inside'] });
    await simulator.setFault('redirect-inside');

    const { result } = await runLync(simulator, { second });
    await second.close();

    expect(result.diagnosis?.code).toBe('SIP_REDIRECT_LOOP');
    expect(result.diagnosis?.error).toMatch(
      /redirected REGISTER once more: contoso\.test:5061, then contoso\.test:5061, then contoso\.test:5061$/,
    );
  });
});

describe('messages of the server that cannot be believed', () => {
  test.each([
    ['signature-missing', 'AUTH_SERVER_PROOF_MISSING', /^the answer 200 OK to REGISTER has no signature/],
    ['signature-wrong', 'AUTH_SIGNATURE_WRONG', /^the signature of the answer 200 OK to REGISTER is not the one/],
    ['association-changed', 'AUTH_ASSOCIATION_CHANGED', /^the answer 200 OK to REGISTER names another security/],
  ])('%s fails the sign-in with %s, and the binding is removed all the same', async (fault, code, error) => {
    await simulator.setFault(fault);

    const { result } = await runLync(simulator);

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code, step: 'register' } });
    expect(result.diagnosis?.error).toMatch(error);
    expect(simulator.state()).toMatchObject({ bindings: [], signIns: { pilar: { accepted: 2 } } });
  });

  test('an answer that bears a number which came before is taken for a replay', async () => {
    await simulator.setFault('signature-replayed');

    const { result } = await runLync(simulator);

    expect(result.steps.find(({ name }) => name === 'unregister')).toMatchObject({ code: 'AUTH_MESSAGE_REPLAYED' });
    expect(result.diagnosis?.error).toBe(
      'the answer 200 OK to REGISTER bears the number 1, which came before or long ago',
    );
  });
});

test('neither password nor hash nor NTLM message shows in results, traces or the state of the simulator', async () => {
  const canary = 'Canary-5f1c-Schlüssel';
  const outputs: string[] = [];
  for (const fault of [
    '',
    'challenge-loop',
    'ntlm-garbage',
    'signature-wrong',
    'offers-digest-only',
    'account-disabled',
  ]) {
    const server = await startEdgeSimulator({ dialect: 'lync', faults: fault === '' ? [] : [fault] });
    const { result, trace } = await runLync(server, { account: { password: new Secret(canary) } });
    const right = await runLync(server);
    outputs.push(JSON.stringify(result), trace, JSON.stringify(right.result), right.trace);
    outputs.push(JSON.stringify(server.state()));
    expect(outputs.join('')).not.toContain(server.users.pilar.password.reveal());
    await server.close();
  }
  const all = outputs.join('\n');

  expect(all).not.toContain(canary);
  // The first bytes of every NTLM message in base64, and the parameters that carry secrets or proofs.
  expect(all).not.toMatch(/TlRMTVNTUA|gssapi-data|rspauth|crand|response=/);
  expect(all).toContain('NTLM [redacted]');
});
