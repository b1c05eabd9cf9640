import type { AuthenticationPolicy, Realm } from '../services/authentication.js';
import type { LyncPolicy } from '../services/lync/lyncPolicy.js';
import type { MediaRelayPlace } from '../services/lync/mras/mrasService.js';
import type { SipService } from '../services/service.js';
import type { Gateway } from '../xmpp/gateway.js';

/** What a dialect is given to build its services from. */
export interface World {
  readonly realm: Realm;
  /** Read at every request, because faults change it while the simulator runs. */
  readonly policy: () => AuthenticationPolicy;
  /** The same for what dialect lync alone has. */
  readonly lyncPolicy: () => LyncPolicy;
  /** The way to users of the XMPP domain. */
  readonly gateway: Gateway;
  /** Of dialect lync alone; without it users are told of none. */
  readonly relay?: MediaRelayPlace | undefined;
}

/** One way an edge speaks: a name and the services behind its Access Edge. */
export interface SimulatedDialect {
  readonly name: string;
  services(world: World): readonly SipService[];
}
