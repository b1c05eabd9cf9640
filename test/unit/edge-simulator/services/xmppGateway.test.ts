import { describe, expect, test } from 'vitest';
import type { Binding } from '../../../edge-simulator/services/bindings.js';
import { xmppGateway } from '../../../edge-simulator/services/xmppGateway.js';
import { Gateway } from '../../../edge-simulator/xmpp/gateway.js';
import type { ChatMessage } from '../../../edge-simulator/xmpp/stanzas.js';
import type { XmppFault } from '../../../edge-simulator/xmpp/xmppFault.js';
import { exchangeOf, requestHead } from '../requests.js';

function bound(flow: number): Binding {
  const uri = `sip:device-${flow}@192.0.2.9`;
  return { user: 'pilar', uri, parameters: '', expiresAtMs: 2_000_000, callId: 'c', sequence: 1, flow };
}

/** The gateway of contoso.test, with two devices of pilar. */
function opened(...faults: readonly XmppFault[]) {
  const sent: ChatMessage[] = [];
  const gateway = new Gateway('contoso.test', 'partner.test', () => faults);
  gateway.connect({ open: true, send: (message) => void sent.push(message) });
  const abroad = xmppGateway(gateway, 'contoso.test', (user) => (user === 'pilar' ? [bound(7), bound(8)] : []));
  const message = (uri = 'sip:Adelaney@partner.test', type = 'text/plain; charset=UTF-8') => {
    const head = requestHead({ method: 'MESSAGE', uri, lines: [`Content-Type: ${type}`] });
    const { status, reasonPhrase } = abroad.answer(exchangeOf(head, {}, 'Grüße'), 'pilar');
    return `${status} ${reasonPhrase}`;
  };
  return { abroad, message, sent };
}

describe('the XMPP gateway for MESSAGE', () => {
  test('takes a text with 202 and hands it on', () => {
    const { message, sent } = opened();

    expect(message()).toBe('202 Accepted');
    expect(sent).toMatchObject([{ from: 'pilar@contoso.test', to: 'adelaney@partner.test', text: 'Grüße' }]);
  });

  test('brings what comes back to every device, each time as a message of its own', () => {
    const { abroad } = opened();
    const arrival = { kind: 'message', user: 'pilar', from: 'adelaney@partner.test', text: 'hello' } as const;
    const outgoing = abroad.crossed(arrival, 0);

    expect(outgoing.map((one) => ('request' in one ? [one.flow, one.request.uri, one.request.body] : []))).toEqual([
      [7, 'sip:device-7@192.0.2.9', 'hello'],
      [8, 'sip:device-8@192.0.2.9', 'hello'],
    ]);
    const fields = outgoing.flatMap((one) => ('request' in one ? one.request.fields : []));
    const from = fields.filter(({ name }) => name === 'From').map(({ value }) => value);
    expect(from[0]).toMatch(/^<sip:adelaney@partner\.test>;tag=/);
    expect(new Set(from).size).toBe(2);
    expect(abroad.crossed({ ...arrival, user: 'kenmyer' }, 0)).toEqual([]);
    expect(abroad.crossed({ ...arrival, kind: 'refusal', condition: 'gone' }, 0)).toEqual([]);
  });

  test.each([
    ['missing', '404 No Route to Domain'],
    ['not-allowed', '403 Forbidden'],
    ['stopped', '503 Gateway Unavailable'],
  ] as const)('that is %s answers %s', (state, answer) => {
    const { message, sent } = opened({ gateway: state });

    expect(message()).toBe(answer);
    expect(sent).toEqual([]);
  });

  test('takes no address without a user and nothing but text', () => {
    const { message, sent } = opened();

    expect([message('sip:partner.test'), message('sip:adelaney@partner.test', 'text/html')]).toEqual([
      '404 Not Found',
      '415 Unsupported Media Type',
    ]);
    expect(sent).toEqual([]);
  });
});
