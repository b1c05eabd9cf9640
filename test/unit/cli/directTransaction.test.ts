import { describe, expect, test } from 'vitest';
import { directTransaction } from '../../../shared/cli/directTransaction.js';

describe('the settings of a transaction described by options', () => {
  test.each([
    ['registration', {}, {}],
    ['xmpp-im', { receiver: 'a@partner.example' }, { receiver: { jid: 'a@partner.example' } }],
    ['xmpp-im', { receiver: 'sip:a@partner.example' }, { receiver: { sipAddress: 'sip:a@partner.example' } }],
    [
      'xmpp-im',
      {
        receiver: 'sip:a@b.example',
        'receiver-jid': 'a@partner.example',
        'receiver-service': 'xmpps://x.example:5223',
      },
      { receiver: { jid: 'a@partner.example', sipAddress: 'sip:a@b.example', service: 'xmpps://x.example:5223' } },
    ],
    ['persistent-chat', { room: 'Probe room' }, { room: 'Probe room' }],
    [
      'persistent-chat',
      { room: 'r@rooms.example', dialect: 'rfc', 'sip-address': 'sip:a@b.example', 'peer-sip-address': 'c@d.example' },
      {
        room: 'r@rooms.example',
        first: { jid: 'a@b.example', password: { env: 'EDGE_PROBES_PASSWORD' } },
        second: { jid: 'c@d.example', password: { env: 'EDGE_PROBES_PEER_PASSWORD' } },
      },
    ],
    ['push-notification', { 'push-uri': 'sip:push@example' }, { uri: 'sip:push@example' }],
    ['push-notification', {}, {}],
    ['av-edge', { 'user-name': 'probe' }, {}],
    [
      'av-edge',
      { 'user-name': 'probe', dialect: 'rfc' },
      { userName: 'probe', password: { env: 'EDGE_PROBES_PASSWORD' } },
    ],
  ])('%s with %j', (transaction, options, expected) => {
    expect(directTransaction(transaction, options, false)).toEqual(expected);
  });

  test('sign in as the XMPP receiver where its password is given', () => {
    expect(directTransaction('xmpp-im', { receiver: 'a@partner.example' }, true)).toEqual({
      receiver: { jid: 'a@partner.example', password: { env: 'EDGE_PROBES_RECEIVER_PASSWORD' } },
    });
  });

  test.each([
    ['im', { room: 'Probe room' }, '--room is for persistent-chat, not for im'],
    ['xmpp-im', {}, '--receiver is missing; expected the JID or the SIP address of the XMPP user'],
    ['persistent-chat', {}, '--room is missing; expected the name of the room; rfc: its bare JID'],
    ['av-edge', { dialect: 'rfc' }, '--user-name is missing; expected the user of the relay'],
    [
      'persistent-chat',
      { room: 'r@rooms.example', dialect: 'rfc' },
      '--sip-address is missing; expected the JID of the XMPP user',
    ],
  ])('%s with %j is refused', (transaction, options, message) => {
    expect(() => directTransaction(transaction, options, false)).toThrow(message);
  });
});
