import { describe, expect, test } from 'vitest';
import { rfc } from '../../edge-simulator/dialects/rfc.js';
import { type Delivery, respond } from '../../edge-simulator/exchange.js';
import { bytesOf } from '../../edge-simulator/faults/action.js';
import { FaultSwitches } from '../../edge-simulator/faults/switches.js';
import { usualPolicy } from '../../edge-simulator/services/authentication.js';
import { usualLyncPolicy } from '../../edge-simulator/services/lync/lyncPolicy.js';
import type { Frame } from '../../edge-simulator/sip/framing.js';
import { Tally } from '../../edge-simulator/tally.js';
import { Gateway } from '../../edge-simulator/xmpp/gateway.js';
import { registerHead } from './requests.js';

const realm = { name: 'contoso.test', opaque: 'op', passwords: new Map([['pilar', 'x']]), nonceAgeMs: 300_000 };
const origin = { source: { address: '127.0.0.1', port: 40000, token: 'token' }, flow: 3, nowMs: 0 };

function handle(frame: Frame, ...faults: readonly string[]): { deliveries: readonly Delivery[]; tally: Tally } {
  const switches = new FaultSwitches();
  for (const fault of faults) switches.set(fault);
  const gateway = new Gateway('contoso.test', 'partner.test', () => []);
  const services = rfc.services({ realm, policy: () => usualPolicy, lyncPolicy: () => usualLyncPolicy, gateway });
  const tally = new Tally();
  return { deliveries: respond(frame, origin, { services, active: switches.active(), tally }), tally };
}

function message(head: string): Frame {
  return { kind: 'message', head, body: '' };
}

function textOf(deliveries: readonly Delivery[]): string {
  return deliveries.map(({ actions }) => bytesOf(actions).toString()).join('');
}

function optionsHead(method: string): string {
  return registerHead().replaceAll('REGISTER', method);
}

describe('respond', () => {
  test('answers a ping with a pong (RFC 5626 section 4.4.1)', () => {
    const { deliveries, tally } = handle({ kind: 'ping' });

    expect(deliveries).toHaveLength(1);
    expect(textOf(deliveries)).toBe('\r\n');
    expect(tally.keepAlives).toBe(1);
  });

  test('answers OPTIONS with 200 and what is allowed', () => {
    const text = textOf(handle(message(optionsHead('OPTIONS'))).deliveries);

    expect(text).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(text).toContain('\r\nAllow: OPTIONS, REGISTER, SUBSCRIBE, PUBLISH, MESSAGE\r\n');
    expect(text).toMatch(/\r\nContent-Length: 0\r\n\r\n$/);
  });

  test('answers other methods with 405 and what is allowed, and an ACK not at all', () => {
    expect(textOf(handle(message(optionsHead('INVITE'))).deliveries)).toMatch(
      /^SIP\/2\.0 405 Method Not Allowed\r\n(.*\r\n)*Allow: REGISTER, SUBSCRIBE, PUBLISH, MESSAGE, OPTIONS\r\n/,
    );
    expect(handle(message(optionsHead('ACK'))).deliveries).toEqual([]);
  });

  test('answers a malformed request with 400 and the reason, and closes', () => {
    const { deliveries, tally } = handle(message(registerHead().replace('CSeq: 1', 'CSeq: one')));

    expect(textOf(deliveries)).toMatch(/^SIP\/2\.0 400 CSeq cannot be read\r\n/);
    expect(deliveries[0]?.actions.at(-1)).toEqual({ kind: 'close' });
    expect(tally.malformed).toBe(1);
  });

  test('answers a request without Content-Length with 400 where it can be read, and closes in any case', () => {
    const head = registerHead().replace('\r\nContent-Length: 0', '');

    const readable = handle({ kind: 'broken', reason: 'Content-Length is missing', head }).deliveries;
    const unreadable = handle({ kind: 'broken', reason: 'header longer', head: undefined }).deliveries;

    expect(textOf(readable)).toMatch(/^SIP\/2\.0 400 Content-Length is missing\r\n/);
    expect(unreadable).toEqual([{ flow: 3, actions: [{ kind: 'close' }] }]);
  });

  test('lets responses of the client pass without an answer', () => {
    expect(handle(message('SIP/2.0 405 Method Not Allowed\r\nCSeq: 1 PRACK')).deliveries).toEqual([]);
  });

  test('counts methods that nobody defined together', () => {
    const { tally } = handle(message(optionsHead('ANYTHING')));

    expect(tally.requests()).toEqual({ other: 1 });
    expect(tally.answers()).toEqual({ 405: 1 });
  });

  test('a refusal answers REGISTER and leaves OPTIONS alone', () => {
    expect(textOf(handle(message(registerHead()), 'register-503').deliveries)).toMatch(
      /^SIP\/2\.0 503 Service Unavailable\r\n(.*\r\n)*Retry-After: 30\r\n/,
    );
    expect(textOf(handle(message(optionsHead('OPTIONS')), 'register-503').deliveries)).toMatch(/^SIP\/2\.0 200 OK\r\n/);
  });

  test('waits before the whole of what other faults made of an answer', () => {
    const { deliveries } = handle(message(registerHead()), 'late-answer', 'ten-packets');

    const kinds = deliveries[0]?.actions.map((action) => action.kind);
    expect(deliveries[0]?.actions[0]).toEqual({ kind: 'wait', ms: 12_000 });
    expect(kinds?.filter((kind) => kind === 'send')).toHaveLength(10);
  });
});
