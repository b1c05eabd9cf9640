import { expect, test } from 'vitest';
import { protocolOf } from '../../../shared/telemetry/protocolOf.js';

test.each([
  ['resolve', 'registration', 'lync', 'DNS'],
  ['resolve-srv', 'xmpp-federation', 'rfc', 'DNS'],
  ['connect', 'registration', 'lync', 'TCP'],
  ['tls', 'registration', 'lync', 'TLS'],
  ['register-publisher', 'presence', 'lync', 'SIP'],
  ['await-notification', 'presence', 'lync', 'SIP'],
  ['receiver-sign-in', 'xmpp-im', 'rfc', 'XMPP'],
  ['register', 'av-edge', 'lync', 'SIP'],
  ['allocate-udp', 'av-edge', 'rfc', 'TURN'],
  ['release', 'av-edge', 'rfc', 'TURN'],
  ['starttls', 'xmpp-federation', 'rfc', 'TLS'],
  ['dialback', 'xmpp-federation', 'rfc', 'XMPP'],
  ['certificate', 'xmpp-federation', 'lync', 'XMPP'],
  ['enter-room', 'persistent-chat', 'rfc', 'XMPP'],
  ['enter-room', 'persistent-chat', 'lync', 'SIP'],
] as const)('the step %s of %s (%s) is shown as %s', (step, transaction, dialect, type) => {
  expect(protocolOf(step, { transaction, dialect })).toBe(type);
});
