import { chatServices } from '../services/lync/chat/chatServices.js';
import { DigestDoor } from '../services/lync/digestDoor.js';
import { digestOrNtlm } from '../services/lync/digestOrNtlm.js';
import { FrontEnd } from '../services/lync/frontEnd.js';
import { frontEndService, signedOutOf } from '../services/lync/frontEndService.js';
import { gatewayService } from '../services/lync/gateway/gatewayService.js';
import { SessionProxy } from '../services/lync/im/sessionProxy.js';
import { lyncRegistrarService } from '../services/lync/lyncRegistrarService.js';
import { mrasService } from '../services/lync/mras/mrasService.js';
import type { PoolService } from '../services/lync/poolService.js';
import { lyncPresenceService } from '../services/lync/presence/lyncPresenceService.js';
import { clearingHouse } from '../services/lync/push/clearingHouse.js';
import type { Pool } from '../services/lync/routing.js';
import { optionsService } from '../services/optionsService.js';
import type { SimulatedDialect } from './dialect.js';

/** Access Edge and front end of Lync in one: NTLM with signatures or Digest, its registrar, presence, and sessions between its users and with the XMPP gateway. */
export const lync: SimulatedDialect = {
  name: 'lync',
  services({ realm, policy, lyncPolicy, gateway, relay }) {
    const users = [...realm.passwords.keys()];
    const frontEnd = new FrontEnd({
      domain: realm.name,
      passwords: realm.passwords,
      policy: lyncPolicy,
      neverSatisfied: () => policy().neverSatisfied,
    });
    const door = digestOrNtlm(frontEnd, new DigestDoor(realm, policy), lyncPolicy);
    const registrar = lyncRegistrarService({
      door,
      host: frontEnd.targetName,
      domain: realm.name,
      users,
      policy: lyncPolicy,
      signedOut: (binding, nowMs) => signedOutOf(services, binding, nowMs),
    });
    const pool: Pool = {
      domain: realm.name,
      host: frontEnd.targetName,
      users,
      get services() {
        return services.flatMap(({ name }) => name ?? []);
      },
      bindings: () => registrar.bindings(),
    };
    const groups = () => groupsOf(services);
    // A further service is one more line here; destinationOf in routing.ts decides what reaches it.
    const services: readonly PoolService[] = [
      clearingHouse(),
      lyncPresenceService({ pool, policy: lyncPolicy, groups }),
      new SessionProxy(pool),
      ...chatServices(pool),
      ...(relay ? [mrasService(pool, relay)] : []),
      gatewayService(gateway, pool),
    ];
    const front = frontEndService({ door, pool, edgeHost: `sip.${realm.name}`, services });
    return [registrar, front, optionsService([...registrar.methods, ...front.methods])];
  },
};

/** What clients are told of in band; without a service for it there is no chat. */
function groupsOf(services: readonly PoolService[]): ReadonlyMap<string, string> {
  return new Map([
    ['ServerConfiguration', '<ucPC2PCAVEncryption>SupportEncryption</ucPC2PCAVEncryption>'],
    [
      'persistentChatConfiguration',
      '<propertyEntryList><property name="EnablePersistentChat">false</property></propertyEntryList>',
    ],
    ...services.flatMap(({ provisioning }) => Object.entries(provisioning ?? {})),
  ]);
}
