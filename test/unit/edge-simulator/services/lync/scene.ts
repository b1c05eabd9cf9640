import { Secret } from '../../../../../shared/domain/secret.js';
import { instanceOf } from '../../../../../shared/protocols/lync/endpoint.js';
import { LyncAuthentication } from '../../../../../shared/protocols/lync/lyncAuthentication.js';
import { readMessage, statusOf } from '../../../../../shared/protocols/sip/rawMessage.js';
import { lync } from '../../../../edge-simulator/dialects/lync.js';
import { type Delivery, deliverUnasked, respond } from '../../../../edge-simulator/exchange.js';
import { bytesOf } from '../../../../edge-simulator/faults/action.js';
import { lyncPolicyOf, policyOf } from '../../../../edge-simulator/faults/active.js';
import { FaultSwitches } from '../../../../edge-simulator/faults/switches.js';
import { takeFrames } from '../../../../edge-simulator/sip/framing.js';
import { Tally } from '../../../../edge-simulator/tally.js';
import { type FromXmpp, Gateway } from '../../../../edge-simulator/xmpp/gateway.js';

export const domain = 'contoso.test';
const realm = {
  name: domain,
  opaque: 'op',
  passwords: new Map([
    ['pilar', 'correct horse'],
    ['kenmyer', 'correct horse'],
  ]),
  nonceAgeMs: 300_000,
};

/** The simulated Lync Edge without a socket: what clients send goes in as text, and what they get comes out as text. */
export class Scene {
  readonly switches = new FaultSwitches();
  readonly gateway = new Gateway(domain, 'xmpp-partner.test', () =>
    this.switches.active().flatMap(({ fault }) => fault.xmpp ?? []),
  );
  nowMs = 1_000_000;
  readonly #services = lync.services({
    realm,
    policy: () => policyOf(this.switches.active()),
    lyncPolicy: () => lyncPolicyOf(this.switches.active()),
    gateway: this.gateway,
  });
  readonly #tally = new Tally();
  readonly #clients = new Map<number, Client>();
  #tokens = 0;

  /** A client with a connection of its own. */
  client(name = 'pilar', userName = `CONTOSO\\${name}`): Client {
    const client = new Client(this, this.#clients.size + 1, name, userName);
    this.#clients.set(client.flow, client);
    return client;
  }

  receive(flow: number, text: string): void {
    for (const frame of takeFrames(Buffer.from(text)).frames) {
      this.#tokens += 1;
      const token = String(this.#tokens).padStart(10, '0');
      const source = { address: '127.0.0.1', port: 40_000, token };
      this.#hand(respond(frame, { source, flow, nowMs: this.nowMs }, this.#responders()));
    }
  }

  /** Lets time pass, as the simulator notices it. */
  pass(ms: number): void {
    this.nowMs += ms;
    const outgoing = this.#services.flatMap((service) => service.expire?.(this.nowMs) ?? []);
    this.#hand(deliverUnasked(outgoing, this.#responders()));
  }

  /** Something comes from the XMPP side; says whether anybody had use for it. */
  cross(arrival: FromXmpp): boolean {
    const outgoing = this.#services.flatMap((service) => service.crossed?.(arrival, this.nowMs) ?? []);
    this.#hand(deliverUnasked(outgoing, this.#responders()));
    return outgoing.length > 0;
  }

  close(flow: number): void {
    const outgoing = this.#services.flatMap((service) => service.flowClosed(flow, this.nowMs));
    this.#clients.delete(flow);
    this.#hand(deliverUnasked(outgoing, this.#responders()));
  }

  state(): Record<string, unknown> {
    return Object.assign({}, ...this.#services.map((service) => service.describe(this.nowMs)));
  }

  #responders() {
    return { services: this.#services, active: this.switches.active(), tally: this.#tally };
  }

  #hand(deliveries: readonly Delivery[]): void {
    for (const { flow, actions } of deliveries) this.#clients.get(flow)?.take(bytesOf(actions).toString());
  }
}

export interface RequestParts {
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly lines?: readonly string[];
  readonly body?: string;
}

let calls = 0;

/** One client: signs what it sends with the prober's own signatures, and can check what it gets with them. */
export class Client {
  readonly flow: number;
  readonly name: string;
  /** What came and was not looked at yet. */
  readonly inbox: string[] = [];
  readonly authentication: LyncAuthentication;
  readonly epid: string;
  readonly #scene: Scene;
  #cseq = 0;

  constructor(scene: Scene, flow: number, name: string, userName: string) {
    this.#scene = scene;
    this.flow = flow;
    this.name = name;
    this.epid = `a1b2c3d4e5f${flow}`;
    let byte = flow;
    this.authentication = new LyncAuthentication({
      account: { sipAddress: this.address, userName, password: new Secret('correct horse') },
      randomBytes: (length) => Buffer.alloc(length, ++byte % 256),
      now: () => scene.nowMs,
    });
  }

  get address(): string {
    return `sip:${this.name}@${domain}`;
  }

  get contact(): string {
    return `<sip:127.0.0.1:${40_000 + this.flow};transport=tls>;+sip.instance="<urn:uuid:${instanceOf(this.epid)}>"`;
  }

  take(text: string): void {
    for (const frame of takeFrames(Buffer.from(text)).frames) {
      if (frame.kind === 'message') this.inbox.push(`${frame.head}\r\n\r\n${frame.body}`);
    }
  }

  /** The text of a request, signed once the client has signed in. */
  text(method: string, parts: RequestParts = {}): string {
    this.#cseq += 1;
    calls += 1;
    const { uri = this.address, lines = [], body = '', callId = `call-${calls}` } = parts;
    const { from = `<${this.address}>;tag=1;epid=${this.epid}`, to = `<${uri}>` } = parts;
    const head = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/TLS 127.0.0.1:40000;branch=z9hG4bK${calls}`,
      `From: ${from}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${this.#cseq} ${method}`,
      `Contact: ${this.contact}`,
      ...lines,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return this.authentication.guard.outgoing(`${head.join('\r\n')}\r\n\r\n${body}`);
  }

  /** Sends a text, and returns what came back at once. */
  send(text: string): string {
    this.#scene.receive(this.flow, text);
    return this.inbox.shift() ?? '';
  }

  request(method: string, parts: RequestParts = {}): string {
    return this.send(this.text(method, parts));
  }

  /** Answers a request that came in, signed. */
  respond(request: string, status: string, body = ''): void {
    const copied = request.split('\r\n').filter((line) => /^(via|from|call-id|cseq|record-route):/i.test(line));
    const to = `${/^to: (.*)$/im.exec(request)?.[1] ?? ''}`.trim();
    const tagged = /;tag=/.test(to) ? to : `${to};tag=callee;epid=${this.epid}`;
    const type = body === '' ? [] : ['Content-Type: application/sdp'];
    const lines = [`SIP/2.0 ${status}`, ...copied, `To: ${tagged}`, ...type, `Contact: ${this.contact}`];
    const text = `${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    this.#scene.receive(this.flow, this.authentication.guard.outgoing(text));
  }

  /** All three legs; `differs` changes the last. Returns its answer. */
  signIn(differs: RequestParts = {}): string {
    const uri = `sip:${domain}`;
    for (let leg = 1; leg <= 2; leg += 1) {
      const message = readMessage(this.request('REGISTER', { uri, to: `<${this.address}>` }));
      const status = statusOf(message);
      if (status === undefined) throw new Error('no status');
      this.authentication.respond({ kind: 'response', ...status, message }, uri);
    }
    const answer = this.request('REGISTER', { uri, to: `<${this.address}>`, ...differs });
    this.authentication.guard.incoming(answer);
    return answer;
  }

  /** What the prober's own guard makes of a message. */
  believes(text: string): boolean {
    return this.authentication.guard.incoming(text).kind === 'pass';
  }
}

/** `200 OK` of an answer. */
export function statusIn(answer: string): string {
  return answer.slice(8, answer.indexOf('\r\n'));
}

/** The value of a header field; empty when it is not there. */
export function fieldIn(message: string, name: string): string {
  return new RegExp(`^${name}: ([^\\r\\n]*)`, 'im').exec(message)?.[1] ?? '';
}

/** What follows the header fields. */
export function bodyIn(message: string): string {
  return message.slice(message.indexOf('\r\n\r\n') + 4);
}
