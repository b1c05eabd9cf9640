import { describe, expect, test } from 'vitest';
import { usualPolicy } from '../../../edge-simulator/services/authentication.js';
import { gatekeeper } from '../../../edge-simulator/services/gatekeeper.js';
import { presenceService } from '../../../edge-simulator/services/presenceService.js';
import type { Outgoing } from '../../../edge-simulator/services/service.js';
import { value } from '../../../edge-simulator/sip/message.js';
import { exchangeOf, requestHead } from '../requests.js';

const realm = {
  name: 'contoso.test',
  opaque: 'op',
  passwords: new Map([
    ['pilar', 'x'],
    ['kenmyer', 'y'],
  ]),
  nonceAgeMs: 300_000,
};
const document = '<presence entity="sip:kenmyer@contoso.test"><tuple id="a"><note>one</note></tuple></presence>';

/** A presence agent that asks nobody who it is. */
function agent() {
  const service = presenceService(
    realm,
    gatekeeper(realm, () => ({ ...usualPolicy, challenge: 'nobody' })),
  );
  const send = (parts: Parameters<typeof requestHead>[0], body = '', at: Parameters<typeof exchangeOf>[1] = {}) =>
    service.answer(exchangeOf(requestHead(parts), at, body));
  return {
    service,
    subscribe: (lines: readonly string[] = [], at = {}, to = '') =>
      send(
        {
          method: 'SUBSCRIBE',
          uri: 'sip:kenmyer@contoso.test',
          to,
          lines: ['Event: presence', 'Contact: <sip:probe@192.0.2.4:5061>', ...lines],
        },
        '',
        at,
      ),
    publish: (lines: readonly string[] = [], body = document, at = {}) =>
      send(
        {
          method: 'PUBLISH',
          user: 'kenmyer',
          uri: 'sip:kenmyer@contoso.test',
          lines: ['Event: presence', 'Content-Type: application/pidf+xml', ...lines],
        },
        body,
        { token: 'etag-0123456789abcdef', ...at },
      ),
  };
}

function answers(sent: readonly Outgoing[]): string[] {
  return sent.flatMap((one) => ('answer' in one ? [`${one.answer.status} ${one.answer.reasonPhrase}`] : []));
}

/** State and document of each NOTIFY. */
function notifications(sent: readonly Outgoing[]): string[] {
  return sent.flatMap((one) =>
    'request' in one ? [`${field(one.request.fields, 'Subscription-State')} ${one.request.body}`.trim()] : [],
  );
}

function field(fields: readonly { readonly name: string; readonly value: string }[], name: string) {
  return fields.find((one) => one.name === name)?.value;
}

describe('the presence agent', () => {
  test('confirms a subscription by a NOTIFY at once, without a document while nothing is published', () => {
    const sent = agent().subscribe(['Expires: 90']);

    expect(answers(sent)).toEqual(['200 OK']);
    expect(notifications(sent)).toEqual(['active;expires=90']);
    expect(sent.map((one) => ('request' in one ? one.occasion : 'answer'))).toEqual(['answer', 'subscribed']);
  });

  test('tells every watcher what is published and that it was removed, on the connection of the subscription', () => {
    const { subscribe, publish } = agent();
    subscribe(['Expires: 90'], { flow: 7 });

    const published = publish(['Expires: 90']);
    const removed = publish(['Expires: 0', 'SIP-If-Match: etag-0123456789a'], '');

    expect(notifications(published)).toEqual([`active;expires=90 ${document}`]);
    expect(notifications(removed)).toEqual(['active;expires=90']);
    expect(published.filter((one) => 'request' in one).map(({ flow }) => flow)).toEqual([7]);
  });

  test('gives each publication another entity-tag and takes back only that one (RFC 3903 section 6)', () => {
    const { publish } = agent();

    const [first] = publish(['Expires: 90']);
    const unknown = publish(['Expires: 0', 'SIP-If-Match: nonsense'], '');
    const renewed = publish(['Expires: 90', 'SIP-If-Match: etag-0123456789a'], '', { token: 'other-0123456789' });
    const gone = publish(['Expires: 0', 'SIP-If-Match: etag-0123456789a'], '');

    expect(first && 'answer' in first && field(first.answer.fields, 'SIP-ETag')).toBe('etag-0123456789a');
    expect(answers([...unknown, ...renewed, ...gone])).toEqual([
      '412 Conditional Request Failed',
      '200 OK',
      '412 Conditional Request Failed',
    ]);
  });

  test('composes what several clients of a user have published', () => {
    const { subscribe, publish } = agent();
    subscribe(['Expires: 90']);
    publish(['Expires: 90']);

    const sent = publish(['Expires: 90'], document.replace('one', 'two'), { token: 'other-0123456789' });

    expect(notifications(sent)[0]).toContain(
      '<note>one</note></tuple><tuple id="a"><note>two</note></tuple></presence>',
    );
  });

  test('ends a subscription in its dialog with a last NOTIFY, and knows it no more', () => {
    const { subscribe } = agent();
    const [answer] = subscribe(['Expires: 90']);
    const to = answer && 'answer' in answer ? (field(answer.answer.fields, 'To') ?? '') : '';

    const ended = subscribe(['Expires: 0'], {}, to);
    const again = subscribe(['Expires: 0'], {}, to);

    expect(notifications(ended)).toEqual(['terminated;reason=timeout']);
    expect(answers(again)).toEqual(['481 Subscription does not exist']);
  });

  test('lets publications and subscriptions end when their time is over', () => {
    const { service, subscribe, publish } = agent();
    subscribe(['Expires: 120']);
    publish(['Expires: 60']);

    const first = service.expire?.(1_000_000 + 60_000) ?? [];
    const second = service.expire?.(1_000_000 + 120_000) ?? [];

    expect(notifications(first)).toEqual(['active;expires=60']);
    expect(notifications(second)).toEqual(['terminated;reason=timeout']);
    expect(service.describe(0)).toEqual({ publications: [], subscriptions: [] });
  });

  test('forgets the subscriptions of a connection that is closed', () => {
    const { service, subscribe, publish } = agent();
    subscribe(['Expires: 90'], { flow: 7 });

    service.flowClosed(7, 0);

    expect(notifications(publish(['Expires: 90']))).toEqual([]);
  });

  test('numbers the NOTIFYs of a dialog upwards', () => {
    const { subscribe, publish } = agent();

    const sent = [...subscribe(['Expires: 90']), ...publish(['Expires: 90'])];

    const numbers = sent.flatMap((one) => ('request' in one ? [value(lower(one.request.fields), 'cseq')] : []));
    expect(numbers).toEqual(['10 NOTIFY', '20 NOTIFY']);
  });

  test.each([
    [['Event: dialog'], '489 Bad Event'],
    [['Event: presence', 'Accept: application/xpidf+xml'], '406 Not Acceptable'],
    [['Event: presence', 'Expires: 29'], '423 Interval Too Brief'],
    [['Event: presence', 'Expires: soon'], '400 Expires cannot be read'],
    [['Event: presence', 'Expires: 90'], '400 Contact, From or To cannot be read'],
  ])('answers a SUBSCRIBE with %j by %s', (lines, expected) => {
    const service = presenceService(
      realm,
      gatekeeper(realm, () => ({ ...usualPolicy, challenge: 'nobody' })),
    );

    const head = requestHead({ method: 'SUBSCRIBE', uri: 'sip:kenmyer@contoso.test', lines });

    expect(answers(service.answer(exchangeOf(head)))).toEqual([expected]);
  });

  test.each([
    [{ uri: 'sip:nobody@contoso.test' }, '404 Not Found'],
    [{ uri: 'sip:kenmyer@elsewhere.test' }, '404 Not Found'],
    [{ user: 'nobody', uri: 'sip:kenmyer@contoso.test' }, '403 From is another user'],
  ])('lets nobody watch where %j', (parts, expected) => {
    const service = presenceService(
      realm,
      gatekeeper(realm, () => ({ ...usualPolicy, challenge: 'nobody' })),
    );

    const head = requestHead({ method: 'SUBSCRIBE', lines: ['Event: presence'], ...parts });

    expect(answers(service.answer(exchangeOf(head)))).toEqual([expected]);
  });

  test('asks as a proxy does before anything else', () => {
    const service = presenceService(
      realm,
      gatekeeper(realm, () => usualPolicy),
    );

    const sent = service.answer(exchangeOf(requestHead({ method: 'SUBSCRIBE', uri: 'sip:kenmyer@contoso.test' })));

    expect(answers(sent)).toEqual(['407 Proxy Authentication Required']);
  });
});

function lower(fields: readonly { readonly name: string; readonly value: string }[]) {
  return fields.map(({ name, value: text }) => ({ name: name.toLowerCase(), value: text }));
}
