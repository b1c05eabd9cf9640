import type { Realm } from '../services/authentication.js';
import { digestOrNtlm } from '../services/lync/digestOrNtlm.js';
import { FrontEnd } from '../services/lync/frontEnd.js';
import { inBandService } from '../services/lync/inBandService.js';
import { lyncRegistrarService } from '../services/lync/lyncRegistrarService.js';
import { optionsService } from '../services/optionsService.js';
import { registrarService } from '../services/registrarService.js';
import type { SimulatedDialect } from './dialect.js';

/** Access Edge and front end of Lync in one: NTLM with signatures, its registrar, and what clients ask for in band. */
export const lync: SimulatedDialect = {
  name: 'lync',
  services({ realm, policy, lyncPolicy }) {
    const users = [...realm.passwords.keys()];
    const frontEnd = new FrontEnd({
      domain: realm.name,
      passwords: realm.passwords,
      policy: lyncPolicy,
      neverSatisfied: () => policy().neverSatisfied,
    });
    const ntlm = lyncRegistrarService({ frontEnd, domain: realm.name, users, policy: lyncPolicy });
    const registrar = digestOrNtlm(ntlm, registrarService(withDomainNames(realm), policy), lyncPolicy);
    const inBand = inBandService(frontEnd);
    return [registrar, inBand, optionsService([...registrar.methods, ...inBand.methods])];
  },
};

/** With Digest, too, users go by the name that Active Directory gives them. */
function withDomainNames(realm: Realm): Realm {
  const domain = (realm.name.split('.')[0] ?? '').toUpperCase();
  const named = [...realm.passwords].map(([name, password]): [string, string] => [`${domain}\\${name}`, password]);
  return { ...realm, passwords: new Map([...realm.passwords, ...named]) };
}
