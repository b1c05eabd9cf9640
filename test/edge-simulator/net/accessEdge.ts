import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../shared/domain/clock.js';
import { type Delivery, deliverUnasked, respond } from '../exchange.js';
import { acceptanceOf, isMute, tlsProfileOf } from '../faults/active.js';
import type { FaultSwitches } from '../faults/switches.js';
import type { Outgoing, SipService } from '../services/service.js';
import { type Counts, Tally } from '../tally.js';
import type { FromXmpp } from '../xmpp/gateway.js';
import { Flow } from './flow.js';
import { type ServerCertificates, startHandshake } from './handshake.js';

export interface AccessEdgeParts {
  readonly transport: 'tls' | 'tcp';
  readonly certificates: ServerCertificates;
  readonly services: readonly SipService[];
  readonly switches: Pick<FaultSwitches, 'active'>;
  readonly clock: Clock;
}

/** What GET /state shows, beside what each service adds (bindings, sign-ins); nothing secret. */
export interface SimulatorState {
  readonly connections: { readonly accepted: number; readonly open: number; readonly failedHandshakes: number };
  readonly keepAlives: number;
  readonly malformed: number;
  readonly requests: Counts;
  readonly answers: Counts;
  /** What clients answered to requests of the simulator. */
  readonly responses: Counts;
  readonly [more: string]: unknown;
}

const maxConnections = 200;
const idleMs = 600_000;
/** How often is looked for what has expired. */
const expiryMs = 1_000;
const clearText = 'SIP/2.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n';

/** The SIP side of the simulated edge: takes connections, secures them, and lets frames through faults and services. */
export class AccessEdge {
  readonly #parts: AccessEdgeParts;
  readonly #tally = new Tally();
  readonly #sockets = new Set<Socket>();
  readonly #flows = new Map<number, Flow>();
  #stopExpiry = (): void => undefined;

  constructor(parts: AccessEdgeParts) {
    this.#parts = parts;
    this.#expire();
  }

  /** Takes a fresh TCP connection, as the faults that are on right now want it. */
  accept(socket: Socket): void {
    if (this.#sockets.size >= maxConnections) {
      socket.destroy();
      return;
    }
    this.#tally.connections += 1;
    const flow = this.#tally.connections;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // An error is always followed by close, which is all that matters here.
    socket.on('error', () => undefined);
    socket.setTimeout(idleMs, () => socket.destroy());
    this.#greet(socket, flow);
  }

  /** Something has come from the XMPP side; says whether a service had use for it. */
  crossed(arrival: FromXmpp): boolean {
    const { services, clock } = this.#parts;
    const outgoing = services.flatMap((service) => service.crossed?.(arrival, clock.now()) ?? []);
    this.#send(outgoing);
    return outgoing.length > 0;
  }

  state(): SimulatorState {
    const nowMs = this.#parts.clock.now();
    const described = this.#parts.services.map((service) => service.describe(nowMs));
    return {
      ...Object.assign({}, ...described),
      connections: {
        accepted: this.#tally.connections,
        open: this.#sockets.size,
        failedHandshakes: this.#tally.failedHandshakes,
      },
      keepAlives: this.#tally.keepAlives,
      malformed: this.#tally.malformed,
      requests: this.#tally.requests(),
      answers: this.#tally.answers(),
      responses: this.#tally.responses(),
    };
  }

  /** Ends every connection. */
  close(): void {
    this.#stopExpiry();
    for (const flow of this.#flows.values()) flow.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  #greet(socket: Socket, flow: number): void {
    const active = this.#parts.switches.active();
    const acceptance = acceptanceOf(active);
    // Read on, or the end of the other side would never be seen and the connection never be over.
    if (acceptance === 'close' || acceptance === 'refuse') socket.resume().end();
    else if (acceptance === 'silent') socket.resume();
    else if (acceptance === 'clear') socket.once('data', () => socket.resume().write(clearText));
    else if (this.#parts.transport === 'tcp') this.#serve(socket, socket, flow);
    else {
      startHandshake(socket, tlsProfileOf(active), this.#parts.certificates, {
        secured: (stream) => this.#serve(stream, socket, flow),
        failed: () => {
          this.#tally.failedHandshakes += 1;
        },
      });
    }
  }

  #serve(stream: Duplex, socket: Socket, id: number): void {
    const { services, clock } = this.#parts;
    const { remoteAddress: address = '127.0.0.1', remotePort: port = 0 } = socket;
    stream.on('error', () => undefined);
    const flow = new Flow(stream, socket, {
      frame: (frame) => {
        const source = { address, port, token: randomBytes(16).toString('hex') };
        const origin = { source, flow: id, nowMs: clock.now() };
        this.#deliver(respond(frame, origin, this.#responders()));
      },
      closed: () => {
        this.#flows.delete(id);
        this.#send(services.flatMap((service) => service.flowClosed(id, clock.now())));
      },
    });
    this.#flows.set(id, flow);
    if (isMute(this.#parts.switches.active())) flow.mute();
  }

  #expire(): void {
    const { clock, services } = this.#parts;
    this.#stopExpiry = clock.after(expiryMs, () => {
      const nowMs = clock.now();
      this.#send(services.flatMap((service) => service.expire?.(nowMs) ?? []));
      this.#expire();
    });
  }

  #send(outgoing: readonly Outgoing[]): void {
    this.#deliver(deliverUnasked(outgoing, this.#responders()));
  }

  #responders() {
    const { services, switches } = this.#parts;
    return { services, active: switches.active(), tally: this.#tally };
  }

  #deliver(deliveries: readonly Delivery[]): void {
    for (const { flow, actions } of deliveries) this.#flows.get(flow)?.perform(actions);
  }
}
