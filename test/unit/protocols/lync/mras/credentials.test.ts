import { describe, expect, test } from 'vitest';
import { credentialsRequest } from '../../../../../shared/protocols/lync/mras/credentialsRequest.js';
import { readCredentials } from '../../../../../shared/protocols/lync/mras/credentialsResponse.js';
import { requireCredentials, requireMrasUri } from '../../../../../shared/protocols/lync/mras/requireMras.js';
import { readProvisionedGroup } from '../../../../../shared/protocols/lync/provisioning.js';
import { readXml } from '../../../../../shared/protocols/sip/xml.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

const userName = 'AQAAIAAAAAAAAAAATG9nLojC+N64TnJlXEMxSQeURsIZd3OS4CQDCB2GJ6hQRR21QY7Gyg==';
const password = 'oUU0sl7OCLQNpLUYuI1cX7OAwXE=';
const namespace = 'xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp"';
const usualRelay = relay('<hostName>av.contoso.com</hostName><udpPort>3478</udpPort><tcpPort>443</tcpPort>');

function relay(inside: string, location = 'internet'): string {
  return `<mediaRelay><location>${location}</location>${inside}</mediaRelay>`;
}

function response(parts: { attributes?: string; credentials?: string; relays?: string } = {}): string {
  const { attributes = 'requestID="1" version="1.0" serverVersion="2.0" reasonPhrase="OK"' } = parts;
  const { credentials = given(), relays = usualRelay } = parts;
  const inside = `<credentials>${credentials}</credentials><mediaRelayList>${relays}</mediaRelayList>`;
  const answered = `<credentialsResponse credentialsRequestID="1">${inside}</credentialsResponse>`;
  return `<?xml version="1.0"?><response ${attributes} ${namespace}>${answered}</response>`;
}

function given(duration = '<duration>480</duration>'): string {
  return `<username>${userName}</username><password>${password}</password>${duration}`;
}

function relaysOf(relays: string) {
  const reading = readCredentials(response({ relays }));
  return reading.kind === 'granted' ? reading.relays : reading.kind;
}

test('a user asks for credentials as a client outside, for itself, of the service', () => {
  const { method, uri, body } = credentialsRequest(
    'sip:av@contoso.com;gruu;opaque="a&b"',
    "sip:o'pilar&co@contoso.com",
  );

  const reading = readXml(body?.content ?? '');

  expect({ method, uri }).toEqual({ method: 'SERVICE', uri: 'sip:av@contoso.com;gruu;opaque="a&b"' });
  expect(body?.contentType).toBe('application/msrtc-media-relay-auth+xml');
  if (reading.kind !== 'element') throw new Error(reading.kind);
  expect(reading.root).toMatchObject({
    name: 'request',
    namespace: 'http://schemas.microsoft.com/2006/09/sip/mrasp',
    attributes: { requestID: '1', version: '1.0', from: "sip:o'pilar&co@contoso.com", to: uri },
  });
  expect(reading.root.children[0]?.children.map(({ name, text }) => [name, text])).toEqual([
    ['identity', "sip:o'pilar&co@contoso.com"],
    ['location', 'internet'],
    ['duration', '480'],
  ]);
});

describe('an answer of the A/V authentication service', () => {
  test('has credentials as they were handed out, their time, and the relays', () => {
    const reading = readCredentials(response());

    if (reading.kind !== 'granted') throw new Error(reading.kind);
    expect(reading.credentials.userName).toBe(userName);
    expect(reading.credentials.password.reveal()).toBe(password);
    expect(reading).toMatchObject({ minutes: 480, serverVersion: '2.0' });
    expect(reading.relays).toEqual([{ host: 'av.contoso.com', udpPort: 3478, tcpPort: 443 }]);
    expect(JSON.stringify(reading)).not.toContain(password);
  });

  test('is read whatever prefix its elements have, and with fields that nobody knows', () => {
    const text = response()
      .replaceAll(/<(\/?)(?=[a-z])/gi, '<$1m:')
      .replace('xmlns=', 'more="1" xmlns:m=');

    expect(readCredentials(text).kind).toBe('granted');
  });

  test('need not say how long they last, nor that all is well', () => {
    const attributes = 'requestID="1" version="3.0"';

    const reading = readCredentials(response({ attributes, credentials: given('') }));

    expect(reading).toMatchObject({ kind: 'granted', minutes: undefined, serverVersion: undefined });
  });

  test.each([
    ['by address where there is no name', relay('<directIPAddress>192.0.2.5</directIPAddress>'), ['192.0.2.5']],
    ['by IPv6 address', relay('<directIPAddress>2001:db8::5</directIPAddress>'), ['2001:db8::5']],
    [
      'for clients outside before those inside',
      relay('<hostName>in.contoso.com</hostName>', 'intranet') + usualRelay,
      ['av.contoso.com', 'in.contoso.com'],
    ],
    [
      'but not where the name is none',
      `${relay('<hostName>a b</hostName>')}${relay('<hostName>x@y</hostName>')}${usualRelay}`,
      ['av.contoso.com'],
    ],
    [
      'but not with ports that are none',
      ['0', '65536', '-1', '4.5', 'x', '999999']
        .map((port) => relay(`<hostName>a</hostName><udpPort>${port}</udpPort>`))
        .join('') + usualRelay,
      ['av.contoso.com'],
    ],
  ])('names relays %s', (_, relays, hosts) => {
    const found = relaysOf(relays);

    expect(typeof found === 'string' ? found : found.map(({ host }) => host)).toEqual(hosts);
  });

  test('names the usual ports by naming none', () => {
    expect(relaysOf(relay('<hostName>av.contoso.com</hostName>'))).toEqual([
      { host: 'av.contoso.com', udpPort: 3478, tcpPort: 443 },
    ]);
  });

  test('is bounded in the number of relays', () => {
    expect(relaysOf(usualRelay.repeat(100)).length).toBe(20);
  });

  test.each([
    ['a document type', `<!DOCTYPE response>${response()}`, 'document-type'],
    ['another root', '<reply/>', 'unreadable'],
    ['no end', response().slice(0, -20), 'unreadable'],
    ['nothing', '', 'unreadable'],
    ['more than any has', `${response()}${' '.repeat(65_536)}`, 'too-large'],
    ['the number of another request', response({ attributes: 'requestID="2" reasonPhrase="OK"' }), 'other-request'],
    ['a reason', response({ attributes: 'requestID="1" reasonPhrase="Server Busy"' }), 'refused'],
    ['no credentials', response({ credentials: '' }), 'no-credentials'],
    ['no password', response({ credentials: `<username>${userName}</username>` }), 'no-credentials'],
    ['credentials that are not base64', response({ credentials: '<username>a b</username>' }), 'no-credentials'],
    ['an endless user name', response({ credentials: given().replace(userName, 'A'.repeat(2_000)) }), 'no-credentials'],
    ['credentials for no time', response({ credentials: given('<duration>0</duration>') }), 'expired'],
    ['credentials of the past', response({ credentials: given('<duration>-5</duration>') }), 'expired'],
    ['no relays', response({ relays: '' }), 'no-relays'],
  ])('with %s is told apart', (_, text, kind) => {
    expect(readCredentials(text).kind).toBe(kind);
  });

  test.each([
    ['Forbidden', 'TURN_MRAS_FORBIDDEN'],
    ['version mismatch', 'TURN_MRAS_VERSION_MISMATCH'],
    ['Server Busy', 'TURN_MRAS_BUSY'],
    ['Time Out', 'TURN_MRAS_BUSY'],
    ['Internal Server Error', 'TURN_MRAS_SERVER_ERROR'],
    ['Other Failure', 'TURN_MRAS_SERVER_ERROR'],
    ['Request Malformed', 'TURN_MRAS_REQUEST_REFUSED'],
    ['Request Too Large', 'TURN_MRAS_REQUEST_REFUSED'],
    ['Not Supported', 'TURN_MRAS_REQUEST_REFUSED'],
    ['Something else', 'TURN_MRAS_REQUEST_REFUSED'],
    ['toString', 'TURN_MRAS_REQUEST_REFUSED'],
  ])('that refuses with "%s" is %s', async (reason, code) => {
    const reading = { kind: 'refused', reason, serverVersion: undefined } as const;

    const found = await diagnosisOf(Promise.resolve().then(() => requireCredentials(reading, 'sip:av@contoso.com')));

    expect(found).toMatchObject({
      code,
      error: `sip:av@contoso.com refused to hand out credentials: "${reason}"`,
    });
  });
});

describe('the address of the A/V authentication service', () => {
  const told = (content: string) =>
    `<provisionGroupList xmlns="urn:any"><provisionGroup name="ServerConfiguration">${content}</provisionGroup></provisionGroupList>`;
  const find = (document: string) =>
    requireMrasUri(readProvisionedGroup(document, 'ServerConfiguration'), 'sip:pilar@contoso.com', 'sip.contoso.com');

  test('is told among other settings', () => {
    const uri = 'sip:av.contoso.com@contoso.com;gruu;opaque=srvr:MRAS:Xk3AAAA';

    expect(find(told(`<ucMinMediaPort>1024</ucMinMediaPort><mrasUri>\n ${uri} </mrasUri>`))).toBe(uri);
  });

  test.each([
    [told(''), 'TURN_MRAS_URI_MISSING', 'sip.contoso.com told sip:pilar@contoso.com no mrasUri'],
    [
      told('<mrasUri>av.contoso.com</mrasUri>'),
      'TURN_MRAS_URI_MISSING',
      'sip.contoso.com told sip:pilar@contoso.com "av.contoso.com" as mrasUri, which is no SIP address',
    ],
    [
      '<provisionGroupList/>',
      'TURN_MRAS_URI_MISSING',
      'sip.contoso.com told sip:pilar@contoso.com no group ServerConfiguration',
    ],
    [
      `<!DOCTYPE x>${told('')}`,
      'TURN_MRAS_DOCUMENT_FORBIDDEN',
      'the list of settings that sip.contoso.com sent to sip:pilar@contoso.com declares a document type',
    ],
    [
      '',
      'TURN_MRAS_DOCUMENT_UNREADABLE',
      'the list of settings that sip.contoso.com sent to sip:pilar@contoso.com is not the XML that was expected',
    ],
  ])('is missed: %#', async (document, code, error) => {
    const found = await diagnosisOf(Promise.resolve().then(() => find(document)));

    expect(found).toMatchObject({ code, error });
  });
});
