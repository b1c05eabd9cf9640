import { describe, expect, test } from 'vitest';
import { readNotification } from '../../../../../shared/protocols/sip/presence/notification.js';
import { readMessage } from '../../../../../shared/protocols/sip/rawMessage.js';

function read(body: string, ...headers: string[]) {
  return readNotification(readMessage(['NOTIFY sip:a@b SIP/2.0', ...headers, '', body].join('\r\n')), 5);
}

describe('a notification', () => {
  test('tells state, time left, type and document', () => {
    const found = read('<x/>', 'Subscription-State: Active; expires=59', 'c: Application/PIDF+xml;charset=UTF-8');

    expect(found).toEqual({
      at: 5,
      state: { name: 'active', expires: 59, reason: undefined, retryAfter: undefined },
      contentType: 'application/pidf+xml',
      body: '<x/>',
    });
  });

  test.each([
    ['terminated;reason=probation;retry-after=30', { name: 'terminated', reason: 'probation', retryAfter: 30 }],
    ['terminated; Reason="give up"', { name: 'terminated', reason: 'give up' }],
    ['active;expires=soon', { name: 'active', expires: undefined }],
    ['active;expires=99999999999', { name: 'active', expires: undefined }],
    ['', { name: '' }],
  ])('of the state %s', (state, expected) => {
    expect(read('', `Subscription-State: ${state}`).state).toMatchObject(expected);
  });

  test('without a document has neither type nor body', () => {
    expect(read('')).toMatchObject({ contentType: undefined, body: '' });
  });

  test('of more than 64 KiB is not kept', () => {
    expect(read('x'.repeat(65_536)).body).toHaveLength(65_536);
    expect(read('x'.repeat(65_537)).body).toBeUndefined();
  });
});
