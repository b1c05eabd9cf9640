import { describe, expect, test } from 'vitest';
import type { SipAnswer } from '../../../../../shared/protocols/sip/answer.js';
import {
  requirePublished,
  requireSubscribed,
  requireUnpublished,
  requireUnsubscribed,
} from '../../../../../shared/protocols/sip/presence/diagnosePresence.js';
import { response } from '../../../../fakes/fakePorts.js';

const peer = 'sip.contoso.com at 192.0.2.10:5061';

function thrownBy(require: (answer: SipAnswer, peer: string) => void, answer: SipAnswer): string {
  try {
    require(answer, peer);
    return 'nothing';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('an answer to SUBSCRIBE', () => {
  test.each([
    [200, 'nothing'],
    [202, 'nothing'],
    [403, 'PRESENCE_SUBSCRIPTION_FORBIDDEN'],
    [404, 'SIP_USER_NOT_FOUND'],
    [405, 'PRESENCE_METHOD_UNSUPPORTED'],
    [406, 'PRESENCE_FORMAT_UNSUPPORTED'],
    [423, 'PRESENCE_INTERVAL_TOO_BRIEF'],
    [481, 'PRESENCE_SUBSCRIPTION_LOST'],
    [489, 'PRESENCE_EVENT_UNSUPPORTED'],
    [500, 'SIP_SERVER_ERROR'],
    [501, 'PRESENCE_METHOD_UNSUPPORTED'],
    [603, 'PRESENCE_SUBSCRIPTION_FORBIDDEN'],
  ])('of %i is %s', (status, code) => {
    const expected = code === 'nothing' ? code : `${code}: server answered ${status} X to SUBSCRIBE, expected 200`;

    expect(thrownBy(requireSubscribed, response(status, 'X'))).toBe(expected);
  });

  test('that ends a subscription names the request', () => {
    expect(thrownBy(requireUnsubscribed, response(481, 'Gone'))).toBe(
      'PRESENCE_SUBSCRIPTION_LOST: server answered 481 Gone to SUBSCRIBE with Expires: 0, expected 200',
    );
  });
});

describe('an answer to PUBLISH', () => {
  test.each([
    [403, 'PRESENCE_PUBLICATION_FORBIDDEN'],
    [412, 'PRESENCE_PUBLICATION_LOST'],
    [415, 'PRESENCE_FORMAT_UNSUPPORTED'],
    [423, 'PRESENCE_INTERVAL_TOO_BRIEF'],
    [489, 'PRESENCE_EVENT_UNSUPPORTED'],
    [503, 'SIP_SERVICE_UNAVAILABLE'],
  ])('of %i is %s', (status, code) => {
    expect(thrownBy(requirePublished, response(status, 'X'))).toBe(
      `${code}: server answered ${status} X to PUBLISH, expected 200`,
    );
  });

  test('of 200 must bring an entity-tag (RFC 3903 section 6)', () => {
    expect(thrownBy(requirePublished, response(200, 'OK', 'SIP-ETag: abc'))).toBe('nothing');
    expect(thrownBy(requirePublished, response(200, 'OK'))).toBe(
      `PRESENCE_ENTITY_TAG_MISSING: ${peer} answered 200 to PUBLISH without a SIP-ETag, so that nobody can remove what was published`,
    );
  });

  test('that removes a publication needs none', () => {
    expect(thrownBy(requireUnpublished, response(200, 'OK'))).toBe('nothing');
    expect(thrownBy(requireUnpublished, response(412, 'Conditional Request Failed'))).toBe(
      'PRESENCE_PUBLICATION_LOST: server answered 412 Conditional Request Failed to PUBLISH with Expires: 0, expected 200',
    );
  });
});
