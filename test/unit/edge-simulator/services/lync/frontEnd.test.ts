import { describe, expect, test } from 'vitest';
import { instanceOf } from '../../../../../shared/protocols/lync/endpoint.js';
import { domain, fieldIn, Scene, statusIn } from './scene.js';

const publishLines = ['Content-Type: application/soap+xml'];
const self = { uri: 'sip:pilar@contoso.test', lines: publishLines };
const instance = (epid: string) => `;+sip.instance="<urn:uuid:${instanceOf(epid)}>"`;

function signedIn() {
  const scene = new Scene();
  const client = scene.client();
  client.signIn();
  return { scene, client };
}

/** The last leg of a sign-in with another Contact. */
function withContact(contact: string) {
  const client = new Scene().client();
  Object.defineProperty(client, 'contact', { value: contact });
  return client.signIn();
}

describe('the simulated front end of Lync', () => {
  test('signs in, and answers signed requests signed', () => {
    const client = new Scene().client();

    expect(statusIn(client.signIn())).toBe('200 OK');
    const answer = client.request('SERVICE', self);

    expect(statusIn(answer)).toBe('200 OK');
    expect(client.believes(answer)).toBe(true);
    expect(client.authentication.guard.association?.proven).toBe(true);
  });

  test.each([
    ['no epid', { from: '<sip:pilar@contoso.test>;tag=1' }, '4011;reason="epid is not present"'],
    [
      'an epid that is too long',
      { from: '<sip:pilar@contoso.test>;tag=1;epid=0123456789abcdef0' },
      '4012;reason="epid is too long"',
    ],
    [
      'another user in From',
      { from: '<sip:kenmyer@contoso.test>;tag=1;epid=a1b2c3d4e5f1', to: '<sip:kenmyer@contoso.test>' },
      '4004;reason="Credentials may not act as this user"',
    ],
  ])('refuses %s, as a real one does', (_, differs, diagnostics) => {
    const answer = new Scene().client().signIn(differs);

    expect(fieldIn(answer, 'ms-diagnostics')).toBe(`${diagnostics};source="fe01.contoso.test"`);
  });

  test.each([
    ['no instance', '<sip:127.0.0.1:40000>', '4010;reason="Endpoint identifier is missing"'],
    [
      'an instance of another epid',
      `<sip:127.0.0.1:40000>${instance('ffffffffffff')}`,
      '4010;reason="Instance does not derive from epid"',
    ],
  ])('refuses %s, as a real one does', (_, contact, diagnostics) => {
    expect(fieldIn(withContact(contact), 'ms-diagnostics')).toBe(`${diagnostics};source="fe01.contoso.test"`);
  });

  test('refuses a message that was changed, one that came before, and one of another connection', () => {
    const { scene, client } = signedIn();
    const other = scene.client('pilar');
    const good = client.text('SERVICE', { ...self, callId: 'call' });

    const changed = client.send(good.replace('Call-ID: call', 'Call-ID: fall'));
    const [first, again] = [client.send(good), client.send(good)];
    const elsewhere = other.send(client.text('SERVICE', self));

    expect(fieldIn(changed, 'ms-diagnostics')).toContain('the signature is wrong');
    expect(statusIn(first)).toBe('200 OK');
    expect(fieldIn(again, 'ms-diagnostics')).toContain('cnum was used before');
    expect(statusIn(elsewhere)).toBe('401 Unauthorized');
  });

  test('refuses an unsigned request, and forgets everything with its connection', () => {
    const { scene, client } = signedIn();
    const unsigned = client.text('SERVICE', self).replace(/Authorization: [^\r\n]*\r\n/, '');
    const signed = client.text('SERVICE', self);

    expect(statusIn(client.send(unsigned))).toBe('401 Unauthorized');
    expect(scene.state().bindings).toHaveLength(1);
    scene.close(client.flow);
    scene.receive(client.flow, signed);

    expect(scene.state().bindings).toEqual([]);
  });

  test.each(['FABRIKAM\\pilar', 'CONTOSO\\nobody', 'pilar@fabrikam.test'])('does not let %s in', (userName) => {
    const answer = new Scene().client('pilar', userName).signIn();

    expect(statusIn(answer)).toBe('401 Unauthorized');
    expect(fieldIn(answer, 'ms-diagnostics')).toMatch(/^1000;/);
  });

  test('takes nothing from an endpoint that has signed out', () => {
    const { client } = signedIn();
    client.request('REGISTER', { uri: `sip:${domain}`, to: '<sip:pilar@contoso.test>', lines: ['Expires: 0'] });

    const answer = client.request('SERVICE', self);

    expect(statusIn(answer)).toBe('403 Forbidden');
    expect(fieldIn(answer, 'ms-diagnostics')).toBe(
      '4140;reason="The endpoint is not registered";source="fe01.contoso.test"',
    );
  });

  test('takes nothing in the name of another user', () => {
    const { client } = signedIn();

    const answer = client.request('SERVICE', { ...self, from: '<sip:kenmyer@contoso.test>;tag=1;epid=a1b2c3d4e5f1' });

    expect(statusIn(answer)).toBe('403 Forbidden');
    expect(fieldIn(answer, 'ms-diagnostics')).toMatch(/^4004;/);
  });

  test.each([
    [
      'INVITE',
      'sip:nobody@contoso.test',
      '404 Not Found',
      '1003;reason="User does not exist";source="sip.contoso.test"',
    ],
    [
      'SUBSCRIBE',
      'sip:nobody@contoso.test',
      '404 Not Found',
      '4005;reason="Destination URI either not enabled for SIP or does not exist";source="sip.contoso.test"',
    ],
    [
      'INVITE',
      'sip:kenmyer@contoso.test',
      '480 Temporarily Unavailable',
      '15000;reason="User has no registered endpoint";source="fe01.contoso.test"',
    ],
    [
      'INVITE',
      'sip:somebody@fabrikam.test',
      '504 Server time-out',
      '1008;reason="Unable to resolve DNS SRV record";domain="fabrikam.test";dns-srv-result="NegativeResult";dns-source="InternalCache";source="sip.contoso.test"',
    ],
    [
      'SUBSCRIBE',
      'sip:somebody@fabrikam.test',
      '504 Server time-out',
      '1008;reason="Unable to resolve DNS SRV record";domain="fabrikam.test";dns-srv-result="NegativeResult";dns-source="InternalCache";source="sip.contoso.test"',
    ],
    ['INVITE', 'tel:+15555550100', '400 Bad Request', '1018;reason="Parsing failure";source="fe01.contoso.test"'],
  ])('answers %s to %s with %s, signed', (method, uri, status, diagnostics) => {
    const { client } = signedIn();

    const answer = client.request(method, { uri, lines: ['Event: presence'] });

    expect(statusIn(answer)).toBe(status);
    expect(fieldIn(answer, 'ms-diagnostics')).toBe(diagnostics);
    expect(client.believes(answer)).toBe(true);
  });
});
