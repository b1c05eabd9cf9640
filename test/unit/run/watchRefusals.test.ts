import { describe, expect, test } from 'vitest';
import { type DiagnosisCode, diagnosis, ProbeError } from '../../../shared/domain/diagnosis.js';
import type { XmppClient } from '../../../shared/protocols/xmpp/client/xmppClient.js';
import type { Ports } from '../../../shared/run/ports.js';
import { watchRefusals } from '../../../shared/run/watchRefusals.js';
import { fakePorts, registered } from '../../fakes/fakePorts.js';
import { FakeScope } from '../../fakes/fakeScope.js';
import { sampleAccount, sampleEdge } from '../../fakes/world.js';

const connection = {} as ReturnType<Ports['withoutTls']>;

/** A user agent with a secret field, as the real one has, whose requests fail with `code`. */
class Refusing {
  readonly #code: DiagnosisCode;

  constructor(code: DiagnosisCode) {
    this.#code = code;
  }

  get mayBeRegistered(): boolean {
    return this.#code === 'AUTH_CREDENTIALS_REJECTED';
  }

  async sendMessage(): Promise<never> {
    throw new ProbeError(diagnosis(this.#code, { error: 'refused' }));
  }

  openPublication() {
    return { publish: () => this.sendMessage() };
  }
}

function opened(code: DiagnosisCode): { readonly agent: Refusing; readonly refused: string[] } {
  const refused: string[] = [];
  const openUserAgent = () => new Refusing(code) as unknown as ReturnType<Ports['openUserAgent']>;
  const ports = watchRefusals({ ...fakePorts(), openUserAgent }, ({ sipAddress }) => refused.push(sipAddress));
  const agent = ports.openUserAgent(connection, sampleEdge(), sampleAccount()) as unknown as Refusing;
  return { agent, refused };
}

describe('a refusal of credentials', () => {
  test('is noticed in any request of the user agent, and thrown on', async () => {
    const { agent, refused } = opened('AUTH_CREDENTIALS_REJECTED');

    await expect(agent.sendMessage()).rejects.toThrow(
      new ProbeError(diagnosis('AUTH_CREDENTIALS_REJECTED', { error: 'refused' })),
    );

    expect(refused).toEqual(['sip:pilar@contoso.example']);
    expect(agent.mayBeRegistered).toBe(true);
  });

  test('is noticed in what the user agent hands out, too', async () => {
    const { agent, refused } = opened('AUTH_CREDENTIALS_REJECTED');

    await expect(agent.openPublication().publish()).rejects.toThrow(ProbeError);

    expect(refused).toEqual(['sip:pilar@contoso.example']);
  });

  test('is noticed in the steps of an XMPP client', async () => {
    const refused: string[] = [];
    const xmppClient = () => new Refusing('AUTH_CREDENTIALS_REJECTED') as unknown as XmppClient;
    const ports = watchRefusals(fakePorts({ xmppClient }), ({ sipAddress }) => refused.push(sipAddress));
    const client = ports.openXmppClient({ account: sampleAccount(), service: undefined }) as unknown as Refusing;

    await expect(client.sendMessage()).rejects.toThrow(ProbeError);

    expect(refused).toEqual(['sip:pilar@contoso.example']);
  });

  test('is no other failure', async () => {
    const { agent, refused } = opened('SIP_REQUEST_FORBIDDEN');

    await expect(agent.sendMessage()).rejects.toThrow(ProbeError);

    expect(refused).toEqual([]);
  });

  test('does not come from a request that works', async () => {
    const refused: string[] = [];
    const ports = watchRefusals(fakePorts({ register: [registered] }), ({ sipAddress }) => refused.push(sipAddress));
    const agent = ports.openUserAgent(connection, sampleEdge(), sampleAccount());

    const registration = await agent.register({ expires: 90 }, new FakeScope());

    expect(registration.answer).toBe(registered);
    expect(agent.mayBeRegistered).toBe(true);
    expect(refused).toEqual([]);
  });
});
