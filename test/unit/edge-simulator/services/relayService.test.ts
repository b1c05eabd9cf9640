import { describe, expect, test } from 'vitest';
import { usualPolicy } from '../../../edge-simulator/services/authentication.js';
import type { Binding } from '../../../edge-simulator/services/bindings.js';
import { gatekeeper } from '../../../edge-simulator/services/gatekeeper.js';
import { relayService } from '../../../edge-simulator/services/relayService.js';
import type { ClientResponse, Outgoing } from '../../../edge-simulator/services/service.js';
import type { Abroad } from '../../../edge-simulator/services/xmppGateway.js';
import { answerTo } from '../../../edge-simulator/sip/answer.js';
import { values } from '../../../edge-simulator/sip/message.js';
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

function bound(flow: number): Binding {
  const uri = `sip:device-${flow}@192.0.2.9`;
  return { user: 'kenmyer', uri, parameters: '', expiresAtMs: 2_000_000, callId: 'c', sequence: 1, flow };
}

/** A relay that asks nobody who it is, with these bindings of kenmyer. */
function relay(...bindings: readonly Binding[]) {
  const admit = gatekeeper(realm, () => ({ ...usualPolicy, challenge: 'nobody' }));
  const abroad: Abroad = {
    domain: 'partner.test',
    answer: ({ request, source }, user) => answerTo(request, source, 202, `taken of ${user}`),
    crossed: () => [],
  };
  const service = relayService(realm, admit, (user) => (user === 'kenmyer' ? bindings : []), abroad);
  const message = (parts: Parameters<typeof requestHead>[0] = {}) =>
    service.answer(
      exchangeOf(requestHead({ method: 'MESSAGE', uri: 'sip:kenmyer@contoso.test', ...parts }), { flow: 3 }, 'Grüße'),
    );
  return { service, message };
}

function branchOf(outgoing: Outgoing | undefined): string {
  const via = outgoing && 'request' in outgoing ? (values(outgoing.request.fields, 'via')[0] ?? '') : '';
  return /branch=(\S+)/.exec(via)?.[1] ?? '';
}

function response(branch: string, status: number, reasonPhrase: string): ClientResponse {
  return { branch, status, reasonPhrase, fields: [], body: '', flow: 7 };
}

function answers(sent: readonly Outgoing[] | undefined): string[] {
  return (sent ?? []).flatMap((one) => ('answer' in one ? [`${one.flow} ${one.answer.status}`] : []));
}

describe('the relay of messages', () => {
  test('sends a message to every connection its receiver registered with, with a Via of its own on top', () => {
    const sent = relay(bound(7), bound(8)).message({ lines: ['Max-Forwards: 70', 'Proxy-Authorization: Digest x'] });

    expect(sent.map((one) => ('request' in one ? [one.flow, one.request.uri, one.request.body] : []))).toEqual([
      [7, 'sip:device-7@192.0.2.9', 'Grüße'],
      [8, 'sip:device-8@192.0.2.9', 'Grüße'],
    ]);
    const [first] = sent;
    const fields = first && 'request' in first ? first.request.fields : [];
    expect(values(fields, 'via')).toHaveLength(2);
    expect(values(fields, 'max-forwards')).toEqual(['69']);
    expect(values(fields, 'proxy-authorization')).toEqual([]);
  });

  test('answers the sender with the first success, and only once', () => {
    const { service, message } = relay(bound(7), bound(8));
    const [first, second] = message();

    const refused = service.responded?.(response(branchOf(first), 486, 'Busy Here'), 0);
    const taken = service.responded?.(response(branchOf(second), 200, 'OK'), 0);
    const late = service.responded?.(response(branchOf(second), 200, 'OK'), 0);

    expect([refused, taken, late].map(answers)).toEqual([[], ['3 200'], []]);
    expect(service.describe(0)).toEqual({ messagesOnTheirWay: 0 });
  });

  test('answers with the refusal when all have refused, and with 480 when the last connection closes', () => {
    const one = relay(bound(7));
    const two = relay(bound(7));
    const branch = branchOf(one.message()[0]);
    two.message();

    const refused = one.service.responded?.(response(branch, 415, 'Unsupported Media Type'), 0);
    const closed = two.service.flowClosed(7, 0);

    expect([refused, closed].map(answers)).toEqual([['3 415'], ['3 480']]);
  });

  test('forgets a message whose sender is gone', () => {
    const { service, message } = relay(bound(7));
    const branch = branchOf(message()[0]);

    service.flowClosed(3, 0);

    expect(service.responded?.(response(branch, 200, 'OK'), 0)).toEqual([]);
  });

  test.each([
    [{ uri: 'sip:nobody@contoso.test' }, '3 404'],
    [{ uri: 'sip:pilar@contoso.test' }, '3 480'],
    [{ lines: ['Max-Forwards: 0'] }, '3 483'],
    [{ user: 'mallory' }, '3 403'],
  ])('refuses a message with %j', (parts, expected) => {
    expect(answers(relay(bound(7)).message(parts))).toEqual([expected]);
  });
});
