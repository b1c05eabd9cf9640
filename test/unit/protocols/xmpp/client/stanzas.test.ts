import { describe, expect, test } from 'vitest';
import {
  bareAddress,
  isSameAddress,
  isSameBareAddress,
  readAddress,
} from '../../../../../shared/protocols/xmpp/client/address.js';
import { diagnoseRemoval } from '../../../../../shared/protocols/xmpp/client/diagnoseRoom.js';
import { diagnoseStanzaError } from '../../../../../shared/protocols/xmpp/client/diagnoseStanzaError.js';
import { readFeatures } from '../../../../../shared/protocols/xmpp/client/features.js';
import { readStanzaError } from '../../../../../shared/protocols/xmpp/client/stanzaError.js';
import type { XmlElement } from '../../../../../shared/protocols/xmpp/element.js';
import { StreamReader } from '../../../../../shared/protocols/xmpp/streamReader.js';

/** The first element of a stream of `xml`. */
function elementOf(xml: string): XmlElement {
  const header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
  const item = new StreamReader().push(Buffer.from(header + xml))[1];
  if (item?.kind !== 'element') throw new Error(`no element: ${xml}`);
  return item.element;
}

describe('an address', () => {
  test('is compared without regard to the case of user and domain, and by its resource where that matters', () => {
    expect(bareAddress('Ade@Partner.Example/Home')).toBe('ade@partner.example');
    expect(isSameBareAddress('Ade@partner.example/Home', 'ade@PARTNER.example')).toBe(true);
    expect(isSameAddress('Ade@partner.example/Home', 'ade@partner.example/Home')).toBe(true);
    expect(isSameAddress('ade@partner.example/home', 'ade@partner.example/Home')).toBe(false);
  });

  test('that is none is the same as no other', () => {
    for (const text of ['', '@', '/x', 'a'.repeat(4_000), undefined]) {
      expect(readAddress(text)).toBeUndefined();
      expect(isSameBareAddress(text, text)).toBe(false);
    }
  });
});

describe('stream features', () => {
  test('are read with the mechanisms in the order in which they are offered', () => {
    const features = elementOf(
      `<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
       <mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism> PLAIN </mechanism><other/><mechanism>${'X'.repeat(99)}</mechanism></mechanisms>
       <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></stream:features>`,
    );

    expect(readFeatures(features)).toEqual({
      startTls: true,
      mechanisms: ['PLAIN', 'X'.repeat(40)],
      bind: true,
      session: true,
    });
  });

  test('of another namespace are none, and an optional session is not needed', () => {
    const features = elementOf(
      `<stream:features><starttls xmlns='urn:x'/><bind/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session></stream:features>`,
    );

    expect(readFeatures(features)).toEqual({ startTls: false, mechanisms: undefined, bind: false, session: false });
  });
});

describe('a stanza error', () => {
  const conditions = [
    ...['bad-request', 'conflict', 'feature-not-implemented', 'forbidden', 'gone', 'internal-server-error'],
    ...['item-not-found', 'jid-malformed', 'not-acceptable', 'not-allowed', 'not-authorized', 'policy-violation'],
    ...['recipient-unavailable', 'redirect', 'registration-required', 'remote-server-not-found'],
    ...['remote-server-timeout', 'resource-constraint', 'service-unavailable', 'subscription-required'],
    ...['undefined-condition', 'unexpected-request'],
  ];

  test.each(conditions)('%s has a code of its own (RFC 6120 section 8.3.3)', (condition) => {
    const error = { condition, type: 'cancel', text: 'why', from: 'bjo@partner.example' };

    expect(diagnoseStanzaError('the message', error)).toMatchObject({
      code: `XMPP_STANZA_${condition.toUpperCase().replaceAll('-', '_')}`,
      error: `bjo@partner.example refused the message: ${condition}`,
      serverDiagnosis: 'why',
    });
  });

  test('without a condition, or with one of no standard, is undefined', () => {
    const namespace = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";
    const empty = readStanzaError(elementOf("<message type='error'/>"));
    const odd = readStanzaError(
      elementOf(`<message type='error'><error><constructor ${namespace}/></error></message>`),
    );

    expect(empty).toMatchObject({ condition: 'undefined-condition', from: undefined });
    for (const error of [empty, odd]) {
      expect(error && diagnoseStanzaError('it', error).code).toBe('XMPP_STANZA_UNDEFINED_CONDITION');
    }
    expect(readStanzaError(elementOf("<message type='chat'><error/></message>"))).toBeUndefined();
  });

  test('is an own one to a request for which it means something else', () => {
    const error = { condition: 'conflict', type: undefined, text: undefined, from: undefined };

    expect(diagnoseStanzaError('entry', error, { conflict: 'XMPP_ROOM_NICKNAME_TAKEN' })).toMatchObject({
      code: 'XMPP_ROOM_NICKNAME_TAKEN',
      error: 'the server refused entry: conflict',
    });
  });
});

test('the removal from a room is told with its statuses', () => {
  const removal = { statuses: ['301', 'destroyed'], reason: 'noise' };

  expect(diagnoseRemoval(removal, { occupant: 'r@x/ade' })).toMatchObject({
    code: 'XMPP_ROOM_REMOVED',
    error: 'r@x/ade was removed from the room (301, destroyed)',
    serverDiagnosis: 'noise',
  });
  expect(diagnoseRemoval({ statuses: [], reason: undefined }, { occupant: 'r@x/ade' }).error).toBe(
    'r@x/ade was removed from the room (no status)',
  );
});
