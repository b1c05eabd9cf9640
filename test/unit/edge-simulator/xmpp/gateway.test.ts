import { describe, expect, test } from 'vitest';
import { type FromXmpp, Gateway, type XmppWay } from '../../../edge-simulator/xmpp/gateway.js';
import type { ChatMessage } from '../../../edge-simulator/xmpp/stanzas.js';
import type { XmppFault } from '../../../edge-simulator/xmpp/xmppFault.js';

function joined({ faults = [], open = true, taken = true }: { faults?: XmppFault[]; open?: boolean; taken?: boolean }) {
  const sent: ChatMessage[] = [];
  const arrivals: FromXmpp[] = [];
  const gateway = new Gateway('contoso.test', 'partner.test', () => faults);
  const way: XmppWay = { open, send: (message) => void sent.push(message) };
  gateway.connect(way);
  gateway.serve((arrival) => {
    arrivals.push(arrival);
    return taken;
  });
  return { gateway, sent, arrivals };
}

const reply = { from: 'Adelaney@partner.test/phone', to: 'Pilar@contoso.test', text: 'hello', id: '1' };

describe('the gateway', () => {
  test('hands on what a user writes in the name of its XMPP address', () => {
    const { gateway, sent } = joined({});
    gateway.send('pilar', 'adelaney@partner.test', 'Grüße', 'm1');

    expect(sent).toEqual([{ from: 'pilar@contoso.test', to: 'adelaney@partner.test', text: 'Grüße', id: 'm1' }]);
  });

  test('hands a message to the SIP side by bare addresses, and says when nobody there had use for it', () => {
    const [one, other] = [joined({}), joined({ taken: false })];

    expect([one.gateway.arrived(reply), other.gateway.arrived(reply)]).toEqual([undefined, 'service-unavailable']);
    expect(one.arrivals).toEqual([{ kind: 'message', user: 'pilar', from: 'adelaney@partner.test', text: 'hello' }]);
  });

  test.each([
    [{ ...reply, to: 'pilar@fabrikam.test' }, 'remote-server-not-found'],
    [{ ...reply, to: 'pilar@contoso.test"' }, 'jid-malformed'],
    [{ ...reply, from: undefined }, 'jid-malformed'],
  ])('returns %j', (message, condition) => {
    const { gateway, arrivals } = joined({});

    expect(gateway.arrived(message)).toBe(condition);
    expect(arrivals).toEqual([]);
  });

  test('tells the SIP side what came back', () => {
    const { gateway, arrivals } = joined({});
    gateway.returned({ from: 'pilar@contoso.test', to: 'adelaney@partner.test' }, 'service-unavailable');
    gateway.returned({ from: 'pilar@fabrikam.test', to: 'adelaney@partner.test' }, 'service-unavailable');

    expect(arrivals).toEqual([
      { kind: 'refusal', user: 'pilar', from: 'adelaney@partner.test', condition: 'service-unavailable' },
    ]);
  });

  test('is stopped while nothing is behind it, unless a fault says more', () => {
    const states = [joined({}), joined({ open: false }), joined({ open: false, faults: [{ gateway: 'missing' }] })];

    expect(states.map(({ gateway }) => gateway.state)).toEqual(['open', 'stopped', 'missing']);
    expect(new Gateway('contoso.test', 'partner.test', () => []).state).toBe('stopped');
  });

  test('lets faults change, lose and return messages', () => {
    const upper = { outward: (message: ChatMessage) => ({ ...message, text: message.text.toUpperCase() }) };
    const [changed, lost] = [joined({ faults: [upper] }), joined({ faults: [{ outward: () => undefined }, upper] })];
    const refusing = joined({ faults: [{ refusesInward: 'remote-server-timeout' }] });
    for (const { gateway } of [changed, lost]) gateway.send('pilar', 'adelaney@partner.test', 'hello', 'm1');

    expect([changed.sent.map(({ text }) => text), lost.sent]).toEqual([['HELLO'], []]);
    expect(refusing.gateway.arrived(reply)).toBe('remote-server-timeout');
  });
});
