import type { CatalogueEntry } from '../diagnosis.js';

/** Signatures of messages after an NTLM sign-in (MS-SIPAE 3.2.5). */
export const lyncSignature = {
  AUTH_SERVER_PROOF_MISSING: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server accepted the sign-in without proving who it is.',
    causes: [
      'A device between answers in place of the server, or takes the header field Authentication-Info out.',
      'The server behind the Edge is none of Lync or Skype for Business and plays NTLM only.',
      'Somebody who does not know the password stands in for the server.',
    ],
    next: [
      'Check who answered: remote address, certificate and registrar of the run: `edge-probes run registration --edge <edge-name> --json`. If they are not yours, treat it as an attack and change the password of the test account.',
      'Run from a network without TLS inspection, and compare.',
      'Take session border controllers and reverse proxies out of the SIP path: an Access Edge is reached directly or through a load balancer that does not open TLS.',
    ],
  },
  AUTH_SIGNATURE_WRONG: {
    layer: 'auth',
    fault: 'target',
    meaning: 'A message of the server was changed on its way, or was signed by somebody else.',
    causes: [
      'A device between rewrites addresses or other header fields inside of messages (SIP inspection, TLS interception).',
      'The server signs in a way of its own, for instance after an update.',
      'Somebody tampers with the connection.',
    ],
    next: [
      'The error names the message. Keep it: `edge-probes run registration --edge <edge-name> --trace trace.txt`, and compare with the trace of the front end (CLS: `Start-CsClsLogging -Scenario AlwaysOn`).',
      "See whether the certificate that the prober saw is the Edge's own: subject, issuer and serial number in the run, `edge-probes run registration --edge <edge-name> --json`.",
      'Switch off SIP inspection and TLS interception for the address of the Access Edge.',
      'If users outside sign in well and nothing lies between, report it with the trace: the prober was never run against every version of the servers.',
    ],
  },
  AUTH_MESSAGE_UNSIGNED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server stopped signing its messages after the sign-in.',
    causes: [
      'A device between answered in place of the server.',
      'The server lost the state of the sign-in (restart, fail-over) and answers all the same.',
      'A proxy between Edge and pool removes the header field from some messages.',
    ],
    next: [
      'See which server sent it: Server and Via in the trace, `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
      'Look for restarts and fail-overs of the pool at that time: `Get-CsPoolFabricState -PoolFqdn <pool>`.',
    ],
    degrades: false,
  },
  AUTH_MESSAGE_REPLAYED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server sent a message a second time, or one that is long out of date.',
    causes: [
      'Somebody on the way records messages and sends them again.',
      'Two servers answer for one connection and both count their messages from the start.',
      'A device between repeats messages, for instance after it lost its own connection.',
    ],
    next: [
      'The error names the message and its number; find both copies in the trace: `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
      'Check the load balancer before the Edge: one TCP connection must stay at one server.',
      'If the copies came over a path that is not yours, treat it as an attack.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
