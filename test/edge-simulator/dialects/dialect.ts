import type { AuthenticationPolicy, Realm } from '../services/authentication.js';
import type { LyncPolicy } from '../services/lync/lyncPolicy.js';
import type { SipService } from '../services/service.js';

/** What a dialect is given to build its services from. */
export interface World {
  readonly realm: Realm;
  /** Read at every request, because faults change it while the simulator runs. */
  readonly policy: () => AuthenticationPolicy;
  /** The same for what dialect lync alone has. */
  readonly lyncPolicy: () => LyncPolicy;
}

/** One way an edge speaks: a name and the services behind its Access Edge. */
export interface SimulatedDialect {
  readonly name: string;
  services(world: World): readonly SipService[];
}
