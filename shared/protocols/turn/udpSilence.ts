import type { Clock } from '../../domain/clock.js';
import { type Diagnosis, diagnosis } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import { dial } from '../net/dial.js';
import { askOnce, type Echoed } from './datagramLink.js';
import { startPseudoTls } from './ms/startPseudoTls.js';
import { openStreamLink } from './streamLink.js';
import { methods } from './stun/attributes.js';
import { addFingerprint } from './stun/integrity.js';
import { encodeMessage } from './stun/message.js';
import { streamSplitter } from './stun/streamSplitter.js';
import type { TransportAddress } from './transportAddress.js';
import { openTurnClient } from './turnClient.js';

/** How long it is asked for the reason, milliseconds. */
const askMs = 2_500;

/** What was seen around a relay that does not answer over UDP. */
export interface Surroundings {
  /** What a connected socket heard of the relay's UDP port. */
  readonly port: Echoed;
  readonly answersTcp: boolean;
  /** What came from the reference; undefined where there is none that answers UDP. */
  readonly reference: Echoed | undefined;
}

/** A relay that does not answer over UDP, and how it would over TCP. */
export interface SilentRelay {
  readonly udp: TransportAddress;
  readonly tcp: TransportAddress;
  readonly protocol: 'stun' | 'ms-turn';
}

/** Why nothing at all came from a relay over UDP, as `error` says: its own fault, the way's, or ours. Pure. */
export function diagnoseUdpSilence({ error }: Pick<Diagnosis, 'error'>, seen: Surroundings): Diagnosis {
  if (seen.port === 'closed') {
    return diagnosis('TURN_UDP_PORT_CLOSED', { error: `${error}; its host says that the port is closed` });
  }
  if (seen.reference === 'silent') {
    return diagnosis('TURN_UDP_NOT_LEAVING', { error: `${error}; the reference does not answer over UDP either` });
  }
  return seen.answersTcp
    ? diagnosis('TURN_UDP_BLOCKED', { error: `${error}, while it answers over TCP` })
    : diagnosis('TURN_RELAY_SILENT', { error: `${error}, nor over TCP` });
}

/** What the question needs beside the relay. */
export interface Asking {
  readonly clock: Clock;
  readonly randomBytes: (length: number) => Buffer;
  /** A neutral server that answers UDP, as far as its port tells. */
  readonly reference: TransportAddress | undefined;
}

/** Looks around: at the relay's UDP port with a connected socket, at its TCP port, at the reference. Never rejects. */
export async function lookAround(relay: SilentRelay, asking: Asking, scope: Scope): Promise<Surroundings> {
  const { clock, randomBytes, reference } = asking;
  const controller = new AbortController();
  const signal = AbortSignal.any([scope.signal, controller.signal]);
  const stop = clock.after(askMs, () => controller.abort());
  const id = () => randomBytes(12).toString('hex');
  try {
    const [port, answersTcp, heard] = await Promise.all([
      askOnce(relay.udp, bindingRequest(id()), signal),
      answersOverTcp(relay, asking, { ...quiet, signal }).catch(() => false),
      reference && askOnce(reference, questionFor(reference.port, id()), signal),
    ]);
    return { port, answersTcp, reference: heard };
  } finally {
    stop();
  }
}

/** Nothing that is seen on this side way belongs into the result. */
const quiet = { exclude: () => {}, observe: () => {}, warn: () => {} };

async function answersOverTcp({ tcp, protocol }: SilentRelay, asking: Asking, scope: Scope): Promise<boolean> {
  const { clock, randomBytes } = asking;
  const socket = await dial(tcp.address, tcp.port, scope.signal);
  try {
    const connection = { socket, protocol: 'TCP' as const, peer: '', close: () => socket.destroy() };
    if (protocol === 'ms-turn') return Boolean(await startPseudoTls(connection, randomBytes, clock, scope));
    const client = openTurnClient(openStreamLink(connection, streamSplitter(), clock), clock, randomBytes);
    return (await client.binding(scope, askMs)).kind === 'bound';
  } finally {
    socket.destroy();
  }
}

/** Can a server at this port be expected to answer UDP? DNS and STUN do. */
export function answersUdp(port: number): boolean {
  return port === dnsPort || port === stunPort;
}

const dnsPort = 53;
const stunPort = 3478;

function questionFor(port: number, id: string): Buffer {
  return port === dnsPort ? dnsQuestion(id) : bindingRequest(id);
}

function bindingRequest(id: string): Buffer {
  return addFingerprint(encodeMessage(methods.binding, 'request', id, []));
}

/** RFC 1035 section 4.1: who serves the root? Every resolver answers that, if only by refusing. */
function dnsQuestion(id: string): Buffer {
  return Buffer.from(`${id.slice(0, 4)}010000010000000000000000020001`, 'hex');
}
