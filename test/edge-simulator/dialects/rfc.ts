import { optionsService } from '../services/optionsService.js';
import { registrarService } from '../services/registrarService.js';
import type { SimulatedDialect } from './dialect.js';

/** The open standards: a registrar with digest authentication (RFC 3261). */
export const rfc: SimulatedDialect = {
  name: 'rfc',
  services({ realm, policy }) {
    const registrar = registrarService(realm, policy);
    return [registrar, optionsService(registrar.methods)];
  },
};
