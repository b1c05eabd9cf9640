import { writeAnswer } from '../sip/answer.js';
import { type Action, bytesOf, send } from './action.js';
import type { Fault } from './fault.js';
import { brokenResponse, optionsRequest, strayPrack, telRequest, trying } from './strayMessages.js';

const announced = 50_000_000;
const padding = Buffer.alloc(64 * 1024, 'a');
const paddings = 160;

/** Faults of the byte stream: an answer cut, padded, delayed, or replaced by something that is not SIP. */
export const wireFaults: readonly Fault[] = [
  {
    name: 'extra-requests',
    description: 'before each answer: an out-of-dialog PRACK, a request for a tel: URI, a response with a broken CSeq',
    deliver: (actions, { exchange }) => [
      send(strayPrack(exchange)),
      send(telRequest(exchange)),
      send(brokenResponse(exchange)),
      ...actions,
    ],
  },
  {
    name: 'coalesced',
    description: 'three messages in one packet: 100, an OPTIONS request, the answer',
    deliver: (actions, { exchange }) => [
      send(Buffer.concat([trying(exchange), Buffer.from(optionsRequest(exchange)), bytesOf(actions)])),
    ],
  },
  {
    name: 'ten-packets',
    description: 'every answer comes in ten packets',
    deliver: (actions) => inTenParts(bytesOf(actions)),
  },
  {
    name: 'silent-mid-answer',
    description: 'half an answer, then nothing',
    deliver: (actions) => [send(firstHalf(actions)), { kind: 'mute' }],
  },
  {
    name: 'close-mid-answer',
    description: 'half an answer, then the connection is closed',
    deliver: (actions) => [send(firstHalf(actions)), { kind: 'close' }],
  },
  {
    name: 'close-after-request',
    description: 'the connection is closed in place of an answer',
    deliver: () => [{ kind: 'close' }],
  },
  {
    name: 'reset-after-request',
    description: 'the connection is reset in place of an answer',
    deliver: () => [{ kind: 'reset' }],
  },
  {
    name: 'content-length-lies',
    description: 'Content-Length is 100 more than the body has',
    deliver: (_, { answer }) => [send(withLength(writeAnswer(answer), 100))],
  },
  {
    name: 'content-length-short',
    description: 'Content-Length is 4, the body has 14 bytes',
    deliver: (_, { answer }) => [send(withLength(writeAnswer({ ...answer, body: 'simulated body' }), 4))],
  },
  {
    name: 'content-length-huge',
    description: `Content-Length announces ${announced} bytes, none come`,
    deliver: (_, { answer }) => [send(withLength(writeAnswer(answer), announced))],
  },
  {
    name: 'endless-header',
    description: '10 MB of header without an end',
    deliver: () => [
      send('SIP/2.0 200 OK\r\nX-Padding: '),
      ...Array.from({ length: paddings }, (): Action => ({ kind: 'send', bytes: padding })),
      { kind: 'mute' },
    ],
  },
  {
    name: 'unparsable-answer',
    description: 'the answer has SIP in its first line and nonsense in every other',
    deliver: () => [
      send('SIP/2.0 two hundred OK\r\nVia nothing\r\n: empty\r\nCSeq: REGISTER 1\r\nContent-Length: 0\r\n\r\n'),
    ],
  },
  {
    name: 'garbage',
    description: 'binary bytes over TLS in place of an answer',
    // 73 is odd: the 256 values come in an order without CR LF, so that no header ever ends in it.
    deliver: () => [send(Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 73) % 256)))],
  },
  {
    name: 'http-server',
    description: 'an HTTP answer over TLS, as from a web server on this port',
    deliver: () => [send(httpAnswer), { kind: 'close' }],
  },
  // Last, so that what the others made of the answer waits as a whole.
  {
    name: 'slow',
    description: 'every answer takes 200 ms longer (slow=MS for another delay)',
    delayMs: 200,
    deliver: (actions, { delayMs }) => [{ kind: 'wait', ms: delayMs }, ...actions],
  },
  {
    name: 'late-answer',
    description: 'every answer comes 12 s late (late-answer=MS for another delay)',
    delayMs: 12_000,
    deliver: (actions, { delayMs }) => [{ kind: 'wait', ms: delayMs }, ...actions],
  },
];

const page = '<html><head><title>400 Bad Request</title></head><body>Bad Request</body></html>\n';
const httpAnswer = `HTTP/1.1 400 Bad Request\r\nServer: Edge-Probes-Simulator\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`;

function firstHalf(actions: readonly Action[]): Buffer {
  const bytes = bytesOf(actions);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function inTenParts(bytes: Buffer): readonly Action[] {
  const size = Math.ceil(bytes.length / 10);
  return Array.from({ length: 10 }, (_, index) => send(bytes.subarray(index * size, (index + 1) * size))).flatMap(
    (action) => [action, { kind: 'wait', ms: 5 } as const],
  );
}

function withLength(bytes: Buffer, length: number): string {
  return bytes.toString('utf8').replace(/Content-Length: \d+/, `Content-Length: ${length}`);
}
