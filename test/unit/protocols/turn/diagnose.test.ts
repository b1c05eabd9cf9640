import { describe, expect, test } from 'vitest';
import { diagnoseNoAnswer } from '../../../../shared/protocols/turn/diagnoseNoAnswer.js';
import type { Doubt, NoAnswer } from '../../../../shared/protocols/turn/exchange.js';
import type { LinkEnd } from '../../../../shared/protocols/turn/link.js';
import { methods } from '../../../../shared/protocols/turn/stun/attributes.js';
import { diagnoseError } from '../../../../shared/protocols/turn/stun/diagnoseError.js';
import { answersUdp, diagnoseUdpSilence } from '../../../../shared/protocols/turn/udpSilence.js';

const none: NoAnswer = {
  ...{ what: 'Allocate', peer: 'relay', waitedMs: 5_500, sends: 4, isDatagram: true, doubts: [] },
};

describe('a request without an answer', () => {
  test('over UDP tells how often it was sent, over TCP how long it waited', () => {
    expect(diagnoseNoAnswer(none).error).toBe('relay did not answer Allocate, sent 4 times within 5500 ms');
    expect(diagnoseNoAnswer({ ...none, sends: 1 }).error).toBe(
      'relay did not answer Allocate, sent once within 5500 ms',
    );
    expect(diagnoseNoAnswer({ ...none, isDatagram: false }).error).toBe('relay did not answer Allocate within 5500 ms');
  });

  test.each<[Doubt, string]>([
    ['short', 'TURN_NOT_SPOKEN'],
    ['not-stun', 'TURN_NOT_SPOKEN'],
    ['cookie', 'TURN_COOKIE_WRONG'],
    ['length', 'TURN_LENGTH_WRONG'],
    ['attributes', 'TURN_ATTRIBUTES_OVERRUN'],
    ['fingerprint', 'TURN_FINGERPRINT_WRONG'],
    ['integrity', 'TURN_INTEGRITY_WRONG'],
    ['method', 'TURN_TRANSACTION_MISMATCH'],
    ['unknown-id', 'TURN_TRANSACTION_MISMATCH'],
    ['other-address', 'TURN_ANSWER_FROM_OTHER_ADDRESS'],
  ])('but with something doubtful (%s) is named %s', (doubt, code) => {
    expect(diagnoseNoAnswer({ ...none, doubts: [doubt] }).code).toBe(code);
  });

  test('is named for what says most', () => {
    expect(diagnoseNoAnswer({ ...none, doubts: ['short', 'unknown-id', 'integrity'] }).code).toBe(
      'TURN_INTEGRITY_WRONG',
    );
  });

  test.each<[LinkEnd, string, string]>([
    [{ kind: 'closed' }, 'TURN_CONNECTION_CLOSED', 'relay closed the connection instead of answering Allocate'],
    [
      { kind: 'error', code: 'ECONNRESET' },
      'TURN_CONNECTION_CLOSED',
      'the connection to relay broke during Allocate (ECONNRESET)',
    ],
    [
      { kind: 'error', code: 'ENETUNREACH' },
      'TURN_NO_ROUTE',
      'Allocate could not be sent to relay: no route from here (ENETUNREACH)',
    ],
    [
      { kind: 'foreign', protocol: 'cookie', sample: '' },
      'TURN_COOKIE_WRONG',
      'relay answered Allocate without the magic cookie of STUN',
    ],
    [{ kind: 'foreign', protocol: 'tls', sample: 'x' }, 'TURN_TLS_ANSWERED', 'relay answered Allocate in TLS'],
    [{ kind: 'foreign', protocol: 'http', sample: 'x' }, 'TURN_HTTP_ANSWERED', 'relay answered Allocate in HTTP'],
    [
      { kind: 'foreign', protocol: 'unknown', sample: 'x' },
      'TURN_NOT_SPOKEN',
      'relay answered Allocate in another protocol',
    ],
  ])('because the link ended as %o', (end, code, error) => {
    expect(diagnoseNoAnswer({ ...none, end })).toMatchObject({ code, error });
  });
});

test('443 is told apart, and a number that nobody knows has its words', () => {
  const found = [443, 699].map((code) => diagnoseError('relay', methods.createPermission, { code, reason: 'so' }));

  expect(found).toMatchObject([
    { code: 'TURN_PEER_FAMILY_MISMATCH', error: 'relay answered 443 to CreatePermission', serverDiagnosis: '443 so' },
    { code: 'TURN_REQUEST_REJECTED' },
  ]);
});

describe('silence over UDP', () => {
  const seen = { port: 'silent', answersTcp: true, reference: undefined } as const;

  test.each([
    ['while TCP answers is a way that is blocked', seen, 'TURN_UDP_BLOCKED', 'target'],
    ['while a reference answers too', { ...seen, reference: 'answered' } as const, 'TURN_UDP_BLOCKED', 'target'],
    [
      'while the host of a reference is reached',
      { ...seen, reference: 'closed' } as const,
      'TURN_UDP_BLOCKED',
      'target',
    ],
    ['and over TCP is a relay that is gone', { ...seen, answersTcp: false }, 'TURN_RELAY_SILENT', 'target'],
    ['with a closed port', { ...seen, port: 'closed' } as const, 'TURN_UDP_PORT_CLOSED', 'target'],
    ['of the reference too is ours', { ...seen, reference: 'silent' } as const, 'TURN_UDP_NOT_LEAVING', 'prober'],
  ])('%s', (_, surroundings, code, fault) => {
    expect(diagnoseUdpSilence(diagnoseNoAnswer(none), surroundings)).toMatchObject({ code, fault });
  });

  test('of a reference says something at the ports of DNS and STUN alone', () => {
    expect([53, 3478, 443, 80].map(answersUdp)).toEqual([true, true, false, false]);
  });
});
