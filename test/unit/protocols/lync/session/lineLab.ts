import { Secret } from '../../../../../shared/domain/secret.js';
import { LyncLine } from '../../../../../shared/protocols/lync/session/line.js';
import { headerValue, type RawMessage } from '../../../../../shared/protocols/sip/rawMessage.js';
import { ManualClock } from '../../../../fakes/manualClock.js';
import { ScriptedSocket, written } from '../../../../fakes/scriptedSocket.js';

/** The line of kenmyer to a server that a test plays; nobody has signed in, so that nothing is signed. */
export function lineLab() {
  const clock = new ManualClock();
  const server = new ScriptedSocket();
  let count = 0;
  const account = { sipAddress: 'sip:kenmyer@contoso.com', userName: 'kenmyer', password: new Secret('x') };
  const line = new LyncLine(server.connection, {
    account,
    userAgent: 'edge-probes/test',
    clock,
    randomBytes: (length) => {
      count += 1;
      return Buffer.alloc(length, count);
    },
  });
  return { clock, server, line };
}

/** A request of pilar in the dialog of `answered`, a message of ours that has both tags. */
export function inDialog(method: string, cseq: number, invite: RawMessage, tag: string, ...more: readonly string[]) {
  return written(
    [
      `${method} sip:kenmyer@contoso.com SIP/2.0`,
      `Via: SIP/2.0/TLS 192.0.2.10:443;branch=z9hG4bK${method}${cseq}`,
      `From: <sip:pilar@contoso.com>;tag=${tag};epid=00aa`,
      `To: ${headerValue(invite, 'from')}`,
      `Call-ID: ${headerValue(invite, 'call-id')}`,
      `CSeq: ${cseq} ${method}`,
    ],
    more,
  );
}

/** An INVITE of pilar, as it reaches kenmyer. */
export function invitation(...more: readonly string[]): string {
  return written(
    [
      'INVITE sip:kenmyer@192.0.2.1:50001 SIP/2.0',
      'Via: SIP/2.0/TLS fe01.contoso.com:5061;branch=z9hG4bKa1',
      'Via: SIP/2.0/TLS 192.0.2.77:40000;branch=z9hG4bKb2',
      'Record-Route: <sip:fe02.contoso.com:5061;transport=tls;lr>',
      'Record-Route: <sip:fe01.contoso.com:5061;transport=tls;lr>',
      'From: "Pilar" <sip:pilar@contoso.com>;tag=77;epid=00aa',
      'To: <sip:kenmyer@contoso.com>',
      'Call-ID: call-of-pilar',
      'CSeq: 5 INVITE',
    ],
    more,
  );
}

export const contactOfPilar = 'Contact: <sip:pilar@contoso.com;opaque=user:epid:Kq7;gruu>';

/** Start lines of what went out, with the CSeq of each. */
export function account(sent: readonly RawMessage[]): string[] {
  return sent.map((message) => `${message.startLine} | ${headerValue(message, 'cseq')}`);
}
