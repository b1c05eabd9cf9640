import type { CatalogueEntry } from '../diagnosis.js';

/** No answer, or none that is a SIP message (RFC 3261 section 18): what is wrong below the status code. */
export const sipMessage = {
  SIP_ANSWER_TIMEOUT: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server accepted the connection but did not answer.',
    causes: [
      'The service behind the open port hangs, or is too busy to answer in time.',
      'The Edge waits for its next hop, which does not answer, longer than the prober waits for the Edge.',
      'A delay or loss in the network after the connection was made, for instance on a link that is full.',
      'The answer was sent to another place: the server did not send it back on the same connection.',
    ],
    next: [
      'Compare the times of the steps with good runs: `edge-probes run registration --edge <edge-name> --verbose`. A slow connect or tls step points at the network, a fast one at the server.',
      'On the Edge Server: `Get-CsWindowsService` shows the load; then the way to the pool: `Test-NetConnection <next-hop> -Port 5061`.',
      'Kamailio: `kamcmd core.psx` (are all workers alive?) and `kamcmd tm.stats`; OpenSIPS: `opensips-cli -x mi get_statistics load:`.',
      'If the service hangs: `Stop-CsWindowsService -Name RTCSRV`, `Start-CsWindowsService -Name RTCSRV`, or `systemctl restart kamailio`.',
    ],
  },
  SIP_ANSWER_INCOMPLETE: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server began an answer and did not finish it in time.',
    causes: [
      'Content-Length in the answer is larger than what follows, so that everybody waits for the rest.',
      'Large packets are lost on the way while small ones pass (MTU).',
      'The server stopped in the middle of writing.',
    ],
    next: [
      'See how much came, and of what: `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
      'Test large packets: `ping -M do -s 1400 <access-edge>` on Linux, `ping -f -l 1400 <access-edge>` on Windows. If only small ones come back, correct MTU or MSS on firewall or VPN.',
      'If always the same number of bytes is missing, the server or a device that rewrites SIP counts wrongly: compare with its own trace.',
    ],
  },
  SIP_ANSWER_UNPARSABLE: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server sent an answer that is not correct SIP.',
    causes: [
      'A device that rewrites SIP (ALG, session border controller) damaged the message.',
      'A header field that every answer must have is missing or malformed, or Content-Length contradicts itself.',
      'A module or script of the server builds its answer by hand, and wrongly.',
    ],
    next: [
      'Look at the whole message: `edge-probes run registration --edge <edge-name> --trace trace.txt`. It must have Via, From, To, Call-ID and CSeq, as sent.',
      'Compare with what the server sent: `sngrep` or the trace of the server. If it was well-formed there, switch off SIP inspection on the device between.',
      'If the server sent it so, look at the last change of its script or modules, and update it.',
    ],
  },
  SIP_NOT_SPOKEN: {
    layer: 'sip',
    fault: 'target',
    meaning: 'What answers on this port is not the expected kind of server.',
    causes: [
      'The connection ends at a web server: reverse proxy, Web Conferencing Edge or a page of the load balancer on the same port.',
      'The port belongs to another protocol, such as XMPP or the relay of the A/V Edge.',
      'A security device answers in place of the server with a page of its own.',
    ],
    next: [
      'What the server said shows how its answer begins. "HTTP/1.1" means a web server.',
      'See whether the address is that of the Access Edge, not of A/V, Web Conferencing or reverse proxy: `Resolve-DnsName <access-edge>`, and the NAT rules behind it.',
      'Ask the port directly: `curl -skv https://<access-edge>:443/`. A page there confirms it.',
      'Correct DNS, NAT or the pool of the load balancer, or accessEdge in probes.json.',
    ],
  },
  SIP_MESSAGE_TOO_LARGE: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server sent a message larger than the monitoring accepts.',
    causes: [
      'What answers sends an endless stream and is no SIP server, or is a faulty one.',
      'The account has piled up so many registrations that their list exceeds all bounds.',
      'A body that does not belong there is attached to the answer.',
    ],
    next: [
      'See with what it begins: `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
      'Count the registrations of the account: `kamctl ul show <user>@<sip-domain>`; remove what is left over: `kamctl ul rm <user>@<sip-domain>`, and limit them with max_contacts.',
      'If it is no SIP at all, find out who listens: `netstat -ano | findstr :443` or `ss -ltnp` on the server.',
    ],
  },
  SIP_CONNECTION_LOST: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server closed the connection before it answered.',
    causes: [
      'The service crashed or was restarted at that moment.',
      'The server dislikes the request or its sender and hangs up: a limit of connections, a blocked address, a filter.',
      'A firewall or load balancer ended the connection: its idle time is very short, or the server behind it was taken out.',
      'The port is for servers only, and the missing client certificate is noticed late.',
    ],
    next: [
      'Is it always or now and then? Repeat: `edge-probes run registration --edge <edge-name> --verbose`.',
      'Look for a crash at that minute: `Get-WinEvent -LogName Application -MaxEvents 50`, or `journalctl -u kamailio --since "-10 min"`.',
      'Always: look into the log of the Edge and of its firewall for the address of the prober; Kamailio: `kamcmd pike.top`, `kamcmd htable.dump ipban`.',
      'Now and then: repeat against each server behind the load balancer: accessEdge.address in a copy of probes.json.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
