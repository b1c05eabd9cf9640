import { gatekeeper } from '../services/gatekeeper.js';
import { optionsService } from '../services/optionsService.js';
import { presenceService } from '../services/presenceService.js';
import { registrarService } from '../services/registrarService.js';
import { relayService } from '../services/relayService.js';
import { xmppGateway } from '../services/xmppGateway.js';
import type { SimulatedDialect } from './dialect.js';

/** The open standards: a registrar with digest (RFC 3261), a presence agent (RFC 3856, 3903, 6665) and messages (RFC 3428), to users of the XMPP domain as well. */
export const rfc: SimulatedDialect = {
  name: 'rfc',
  services({ realm, policy, gateway }) {
    const registrar = registrarService(realm, policy);
    const admit = gatekeeper(realm, policy);
    const presence = presenceService(realm, admit);
    const bindingsOf = (user: string, nowMs: number) => registrar.bindingsOf(user, nowMs);
    const relay = relayService(realm, admit, bindingsOf, xmppGateway(gateway, realm.name, bindingsOf));
    const others = [registrar, presence, relay];
    return [...others, optionsService(others.flatMap(({ methods }) => methods))];
  },
};
