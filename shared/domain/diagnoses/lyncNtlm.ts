import type { CatalogueEntry } from '../diagnosis.js';

/** Challenges of NTLM (MS-NLMP 2.2.1.2) that cannot be answered. */
export const lyncNtlm = {
  AUTH_NTLM_MALFORMED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server asked for the password in a form that is not NTLM.',
    causes: [
      'The challenge has no data, is not base64, or is a message of another kind.',
      'A device that translates between authentication schemes stands before the server.',
      "The server is none of Microsoft's and implements NTLM in part.",
    ],
    next: [
      'The error says what is wrong. See which server asked: targetname and Server of the run, `edge-probes run registration --edge <edge-name> --json`.',
      'Sign in with a Lync or Skype for Business client from the same network: if it fails too, the server or what lies before it is at fault.',
    ],
  },
  AUTH_NTLM_TRUNCATED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The challenge of the server was cut off.',
    causes: [
      'A device between limits the length of header fields and cuts the rest.',
      'The server failed while it wrote the challenge.',
    ],
    next: [
      'Look for a limit of header fields or of SIP messages on firewalls and load balancers before the Edge, and raise it to at least 16 KB.',
      'If nothing lies between, look at the front end named as targetname: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50`.',
    ],
  },
  AUTH_NTLM_OVERSIZED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The challenge of the server is far larger than any real one.',
    causes: [
      'Whoever answers tries to exhaust its clients: a real challenge has some hundred bytes.',
      'A device between joined several header fields into one.',
    ],
    next: [
      'Check who answered: remote address and certificate of the run, `edge-probes run registration --edge <edge-name> --json`.',
      'If it is your Edge, compare with the trace of the server, which shows the challenge as it was sent.',
    ],
  },
  AUTH_NTLM_OVERLAPPING: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The challenge of the server contradicts itself.',
    causes: [
      'Whoever answers looks for weaknesses of its clients: parts of the message lie over one another.',
      'The message was damaged by a device that rewrites it.',
    ],
    next: [
      'Check who answered before anything else: remote address, certificate and issuer, `edge-probes run registration --edge <edge-name> --json`.',
      'If it is your Edge, run again from another network, without anything that opens TLS between.',
    ],
  },
  AUTH_NTLM_FLAGS_MISSING: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server offers only an old and weak form of the password check.',
    causes: [
      'The security options of the server allow less than NTLMv2 with signatures (LAN Manager authentication level, minimum session security).',
      "The server is older than Office Communications Server, or none of Microsoft's.",
      'Somebody between took the strong options out of the offer.',
    ],
    next: [
      'The error lists what is missing. See the settings on the front ends: `Get-ItemProperty "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0" | Select-Object NtlmMinServerSec, NtlmMinClientSec` and `Get-ItemProperty "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa" | Select-Object LmCompatibilityLevel`.',
      'Demand NTLMv2 and 128 bits by group policy: Network security: LAN Manager authentication level, and Minimum session security for NTLM SSP based servers.',
      'If the servers are set right, treat the difference as tampering: check the certificate that the prober saw.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
