import type { CatalogueEntry } from '../diagnosis.js';

const watch =
  'See what was asked and answered: `edge-probes run av-edge --edge <edge-name> --trace trace.txt`, the request SERVICE.';
const fromInside =
  'Repeat it from inside: `Test-CsAVEdgeConnectivity -TargetFqdn <pool> -UserSipAddress "<sip-address>" -UserCredential (Get-Credential)`.';
const edgeLog =
  'Look into the log of the Edge Server: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50 | Where-Object ProviderName -match "MEDIARELAY|A/V"`.';

/** Credentials for the media relay: from the front end to the A/V authentication service (MRAS) on the Edge. */
export const mras = {
  TURN_MRAS_URI_MISSING: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The server does not tell its users where to ask for access to the media relay.',
    causes: [
      'The pool of the test account is not associated with an Edge pool for media.',
      'The topology was changed or published a short while ago and has not reached the front end.',
      'The A/V Edge service was removed from the topology.',
    ],
    next: [
      'See whether there is an A/V Edge, and the pool that uses it: `Get-CsService -EdgeServer` and `Get-CsService -Registrar | Select-Object PoolFqdn, EdgeServer`.',
      'Topology Builder: front end pool, Associations, "Associate Edge pool (for media components)"; then `Enable-CsTopology` on a front end.',
      'Wait until every server has the topology: `Get-CsManagementStoreReplicationStatus`.',
      fromInside,
    ],
  },
  TURN_MRAS_FORBIDDEN: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay refuses the test account.',
    causes: [
      'The test account may not sign in from outside, or may not use audio and video.',
      'The A/V authentication service does not accept the front end: it is not among the servers that the topology lets it trust.',
      'The identity in the request is another than that of the account that is signed in.',
    ],
    next: [
      'See what the account may do: `Get-CsUser -Identity "<sip-address>" | Select-Object ExternalAccessPolicy, ConferencingPolicy, AudioVideoDisabled`.',
      'Read ms-diagnostics in the result, numbers of the nine thousands are those of this service.',
      edgeLog,
      watch,
    ],
  },
  TURN_MRAS_NOT_FOUND: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The address that the server names for access to the media relay does not exist.',
    causes: [
      'The front end still names an Edge pool that was removed or renamed.',
      'The contact object of the A/V authentication service is missing in Active Directory or has not been replicated.',
    ],
    next: [
      'Compare the address in the error with the Edge pools: `Get-CsService -EdgeServer | Select-Object Identity, PoolFqdn`.',
      'Publish the topology again: `Enable-CsTopology`, then `Get-CsManagementStoreReplicationStatus`.',
      watch,
    ],
  },
  TURN_MRAS_UNAVAILABLE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay is not available.',
    causes: [
      'The A/V authentication service (RTCMRAUTH) on the Edge Server is stopped, paused or just starting.',
      'The Edge Server is drained for maintenance.',
    ],
    next: [
      'On each Edge Server: `Get-CsWindowsService -Name RTCMRAUTH`, and `Start-CsWindowsService -Name RTCMRAUTH` where it is stopped.',
      edgeLog,
      fromInside,
    ],
  },
  TURN_MRAS_UNREACHABLE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The server cannot reach the service that gives access to the media relay.',
    causes: [
      'The internal firewall does not let the front end through to the internal side of the Edge Server (TCP 5062).',
      'The certificate of the A/V authentication service has expired, or the front end does not trust it.',
      'The internal name of the Edge pool has no address, or a wrong one, in the DNS that the front end asks.',
      'The A/V authentication service (RTCMRAUTH) is not running.',
    ],
    next: [
      'From each front end: `Test-NetConnection <edge-internal-fqdn> -Port 5062` and `Resolve-DnsName <edge-internal-fqdn>`.',
      'On the Edge Server: `Get-CsCertificate -Type AudioVideoAuthentication | Select-Object Subject, NotAfter` and `Get-CsWindowsService -Name RTCMRAUTH`.',
      'Read ms-diagnostics in the result: its source is the server that could not go on.',
      fromInside,
    ],
  },
  TURN_MRAS_BUSY: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay is too busy to answer.',
    causes: [
      'The A/V authentication service is overloaded, for instance by a client that asks again and again.',
      'The Edge Server lacks memory or processor time.',
    ],
    next: [
      'On the Edge Server: `Get-Counter -ListSet "LS:A/V Auth*" | Select-Object -ExpandProperty Paths`, then `Get-Counter` with those that count requests.',
      'Restart the service in a quiet moment: `Stop-CsWindowsService -Name RTCMRAUTH; Start-CsWindowsService -Name RTCMRAUTH`.',
      edgeLog,
    ],
  },
  TURN_MRAS_VERSION_MISMATCH: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay speaks another version than the monitoring.',
    causes: [
      'Front end and Edge Server are of different generations, in the middle of a migration.',
      'The service has dropped the oldest version, which the prober speaks.',
    ],
    next: [
      'Compare the versions: `Get-CsServerVersion` on the front end and on the Edge Server, and serverVersion in the error.',
      watch,
    ],
  },
  TURN_MRAS_SERVER_ERROR: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay failed.',
    causes: [
      'The A/V authentication service has lost its certificate or the key that it signs credentials with.',
      'Its configuration was not replicated to the Edge Server.',
    ],
    next: [
      'On the Edge Server: `Get-CsCertificate -Type AudioVideoAuthentication`, and `Get-CsManagementStoreReplicationStatus` on a front end.',
      'Restart it: `Stop-CsWindowsService -Name RTCMRAUTH; Start-CsWindowsService -Name RTCMRAUTH`.',
      edgeLog,
    ],
  },
  TURN_MRAS_REQUEST_REFUSED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay does not take the request of the monitoring.',
    causes: [
      'A server between changes the request.',
      'The service takes requests of another form than those of clients since Lync Server 2013.',
    ],
    next: [watch, fromInside],
  },
  TURN_MRAS_ANSWER_MISMATCH: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay answered another request than the one it got.',
    causes: ['The service mixes up its clients.', 'A server between repeats an old answer.'],
    next: [
      watch,
      'Repeat the run, and see whether it happens again: `edge-probes run av-edge --edge <edge-name> --verbose`.',
    ],
  },
  TURN_MRAS_CREDENTIALS_MISSING: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay answers without credentials.',
    causes: [
      'The A/V authentication service cannot sign: its certificate is missing or unusable.',
      'The answer was changed on the way.',
    ],
    next: [
      'On the Edge Server: `Get-CsCertificate -Type AudioVideoAuthentication | Select-Object Subject, NotBefore, NotAfter, Thumbprint`.',
      'See what came, credentials left out: `edge-probes run av-edge --edge <edge-name> --trace trace.txt`.',
    ],
  },
  TURN_MRAS_CREDENTIALS_EXPIRED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The service that gives access to the media relay hands out credentials that have expired already.',
    causes: [
      'The lifetime of credentials is set to nothing (Set-CsAVEdgeConfiguration -MaxTokenLifetime).',
      'The clock of the Edge Server jumped.',
    ],
    next: [
      'See the lifetime: `Get-CsAVEdgeConfiguration | Select-Object Identity, MaxTokenLifetime`; set it to the default: `Set-CsAVEdgeConfiguration -Identity <identity> -MaxTokenLifetime 08:00:00`.',
      'Compare the clocks of all servers: `w32tm /monitor`.',
    ],
  },
  TURN_MRAS_RELAYS_MISSING: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The server gives access to a media relay, but does not say where the relay is.',
    causes: [
      'The A/V Edge has no external name or address in the topology.',
      'The Edge Server has not got the published topology yet.',
    ],
    next: [
      'See what is set: `Get-CsService -EdgeServer | Select-Object Identity, AVEdge*`, in Topology Builder the external FQDN and port of the A/V Edge service.',
      'Publish it and wait: `Enable-CsTopology`, then `Get-CsManagementStoreReplicationStatus` until the Edge Server is up to date.',
      fromInside,
    ],
  },
  TURN_MRAS_RELAY_UNUSABLE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The server names a media relay that cannot be reached from outside.',
    causes: [
      'The external name of the A/V Edge has an internal address in the DNS that is asked, as in a split DNS that leaks.',
      'The A/V Edge has the address of its inner side as its external one in the topology.',
    ],
    next: [
      'See what the world is told: `Resolve-DnsName <relay> -Server <public-resolver>`.',
      'Compare with the topology: `Get-CsService -EdgeServer | Select-Object Identity, AVEdge*`.',
      'A lab whose relay is meant to be inside: name it as host of av-edge in probes.json.',
    ],
  },
  TURN_MRAS_DOCUMENT_FORBIDDEN: {
    layer: 'turn',
    fault: 'target',
    meaning: 'A document about access to the media relay declares a document type, which none does.',
    causes: [
      'A device on the way replaces the answer by a page of its own.',
      'Somebody tries to make its reader load or blow up entities; nothing of it was read.',
    ],
    next: [watch, 'Find out who answers: the certificate in the observations is that of the server.'],
  },
  TURN_MRAS_DOCUMENT_TOO_LARGE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'A document about access to the media relay is larger than any such document is.',
    causes: ['The server puts something else into its answer.', 'Somebody tries to exhaust its reader.'],
    next: [watch, edgeLog],
  },
  TURN_MRAS_DOCUMENT_UNREADABLE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'A document about access to the media relay cannot be read.',
    causes: [
      'The answer has no document: the services behind the entrance are still starting.',
      'It was cut off or changed between server and client.',
      'The server sends its settings later, in a message of its own.',
    ],
    next: [watch, 'On the front end: `Get-CsWindowsService -Name RTCSRV`, and the Lync Server event log at that time.'],
  },
} as const satisfies Record<string, CatalogueEntry>;
