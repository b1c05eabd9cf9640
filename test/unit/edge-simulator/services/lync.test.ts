import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../shared/domain/secret.js';
import { instanceOf } from '../../../../shared/protocols/lync/endpoint.js';
import { LyncAuthentication } from '../../../../shared/protocols/lync/lyncAuthentication.js';
import { readMessage as readRaw, statusOf } from '../../../../shared/protocols/sip/rawMessage.js';
import { FrontEnd } from '../../../edge-simulator/services/lync/frontEnd.js';
import { inBandService } from '../../../edge-simulator/services/lync/inBandService.js';
import { type LyncPolicy, usualLyncPolicy } from '../../../edge-simulator/services/lync/lyncPolicy.js';
import { lyncRegistrarService } from '../../../edge-simulator/services/lync/lyncRegistrarService.js';
import type { SipService } from '../../../edge-simulator/services/service.js';
import { writeAnswer } from '../../../edge-simulator/sip/answer.js';
import { readMessage } from '../../../edge-simulator/sip/message.js';

const domain = 'contoso.test';
const source = { address: '127.0.0.1', port: 40000, token: 'token' };
const instance = (epid: string) => `;+sip.instance="<urn:uuid:${instanceOf(epid)}>"`;
const usualContact = `<sip:127.0.0.1:40000;transport=tls>${instance('a1b2c3d4e5f6')}`;

/** A front end and a client that signs as it should; `change` tampers with what the client sends. */
class Scene {
  readonly registrar: SipService;
  readonly inBand: SipService;
  readonly client: LyncAuthentication;
  policy: LyncPolicy = usualLyncPolicy;
  #cseq = 0;

  constructor(userName = 'CONTOSO\\pilar') {
    const passwords = new Map([
      ['pilar', 'correct horse'],
      ['kenmyer', 'other'],
    ]);
    const policy = () => this.policy;
    const frontEnd = new FrontEnd({ domain, passwords, policy, neverSatisfied: () => false });
    this.registrar = lyncRegistrarService({ frontEnd, domain, users: ['pilar', 'kenmyer'], policy });
    this.inBand = inBandService(frontEnd);
    let byte = 0;
    this.client = new LyncAuthentication({
      account: { sipAddress: 'sip:pilar@contoso.test', userName, password: new Secret('correct horse') },
      randomBytes: (length) => Buffer.alloc(length, ++byte),
      now: () => 0,
    });
  }

  /** The answer to one request. */
  send(text: string, flow = 1): string {
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const reading = readMessage(head, body);
    if (reading.kind !== 'request') throw new Error(reading.kind);
    const service = reading.request.method === 'REGISTER' ? this.registrar : this.inBand;
    const [outgoing] = service.answer({ request: reading.request, source, flow, nowMs: 0 });
    if (outgoing === undefined || !('answer' in outgoing)) throw new Error('no answer');
    return writeAnswer(outgoing.answer).toString();
  }

  /** A request with the client's signature, or its next leg. */
  text(
    method = 'REGISTER',
    { from = 'pilar', epid = ';epid=a1b2c3d4e5f6', contact = usualContact, more = '' } = {},
  ): string {
    this.#cseq += 1;
    const lines = [
      `${method} sip:${domain} SIP/2.0`,
      'Via: SIP/2.0/TLS 127.0.0.1:40000;branch=z9hG4bK1',
      `From: <sip:${from}@${domain}>;tag=1${epid}`,
      `To: <sip:${from}@${domain}>`,
      'Call-ID: call',
      `CSeq: ${this.#cseq} ${method}`,
      `Contact: ${contact}`,
      ...(more === '' ? [] : [more]),
    ];
    return this.client.guard.outgoing(`${lines.join('\r\n')}\r\n\r\n`);
  }

  /** All three legs, the last one with what differs; returns its answer. */
  signIn(differs: Parameters<Scene['text']>[1] = {}): string {
    for (let leg = 1; leg <= 2; leg += 1) {
      const message = readRaw(this.send(this.text()));
      const status = statusOf(message);
      if (status === undefined) throw new Error('no status');
      this.client.respond({ kind: 'response', ...status, message }, `sip:${domain}`);
    }
    return this.send(this.text('REGISTER', differs));
  }
}

const statusIn = (answer: string) => answer.slice(8, answer.indexOf('\r\n'));
const diagnosticsIn = (answer: string) => /ms-diagnostics: ([^\r\n]*)/.exec(answer)?.[1];

describe('the simulated front end of Lync', () => {
  test('signs in, and answers signed requests signed', () => {
    const scene = new Scene();

    expect(statusIn(scene.signIn())).toBe('200 OK');
    expect(scene.client.guard.incoming(scene.send(scene.text('SERVICE')))).toEqual({ kind: 'pass' });
    const subscribed = scene.send(scene.text('SUBSCRIBE', { more: 'Event: vnd-microsoft-roaming-self' }));
    expect(statusIn(subscribed)).toBe('200 OK');
    expect(statusIn(scene.send(scene.text('SUBSCRIBE', { more: 'Event: dialog' })))).toBe('489 Bad Event');
    expect(scene.client.guard.association?.proven).toBe(true);
  });

  test.each([
    ['no epid', { epid: '' }, '4011;reason="epid is not present"'],
    ['an epid that is too long', { epid: ';epid=0123456789abcdef0' }, '4012;reason="epid is too long"'],
    ['no instance', { contact: '<sip:127.0.0.1:40000>' }, '4010;reason="Endpoint identifier is missing"'],
    [
      'an instance of another epid',
      { contact: `<sip:127.0.0.1:40000>${instance('ffffffffffff')}` },
      '4010;reason="Instance does not derive from epid"',
    ],
    ['another user in From', { from: 'kenmyer' }, '4004;reason="Credentials may not act as this user"'],
  ])('refuses %s, as a real one does', (_, differs, diagnostics) => {
    const answer = new Scene().signIn(differs);

    expect(diagnosticsIn(answer)).toBe(`${diagnostics};source="fe01.contoso.test"`);
  });

  test('refuses a message that was changed, one that came before, and one of another connection', () => {
    const scene = new Scene();
    scene.signIn();
    const good = scene.text('SERVICE');

    expect(diagnosticsIn(scene.send(good.replace('Call-ID: call', 'Call-ID: fall')))).toContain(
      'the signature is wrong',
    );
    expect(statusIn(scene.send(good))).toBe('200 OK');
    expect(diagnosticsIn(scene.send(good))).toContain('cnum was used before');
    expect(statusIn(scene.send(scene.text('SERVICE'), 2))).toBe('401 Unauthorized');
  });

  test('refuses an unsigned request, and forgets everything with its connection', () => {
    const scene = new Scene();
    scene.signIn();
    const unsigned = scene.text('SERVICE').replace(/Authorization: [^\r\n]*\r\n/, '');
    const before = scene.registrar.describe(0).bindings;
    scene.registrar.flowClosed(1);

    expect(statusIn(scene.send(unsigned))).toBe('401 Unauthorized');
    expect(before).toHaveLength(1);
    expect(scene.registrar.describe(0).bindings).toEqual([]);
    expect(statusIn(scene.send(scene.text('SERVICE')))).toBe('401 Unauthorized');
  });

  test.each(['FABRIKAM\\pilar', 'CONTOSO\\nobody', 'pilar@fabrikam.test'])('does not let %s in', (userName) => {
    const answer = new Scene(userName).signIn();

    expect(statusIn(answer)).toBe('401 Unauthorized');
    expect(diagnosticsIn(answer)).toMatch(/^1000;/);
  });
});
