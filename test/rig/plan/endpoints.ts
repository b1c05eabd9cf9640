import { componentSecret, type RigPlan, sipDomain, turnUser, xmppDomain } from './rigPlan.js';
import type { User } from './settings.js';
import { gatewayMatch } from './templateValues.js';

export interface Endpoints {
  readonly state: string;
  /** PEM file of the authority that signed every good certificate. */
  readonly ca: string;
  readonly gatewayMode: 'direct' | 'star';
  readonly gatewayDomain: string;
  readonly dns: { readonly address: string; readonly port: number };
  readonly edges: readonly { readonly name: string; readonly address: string }[];
  readonly ports: Readonly<Record<'sip' | 'sips' | 's2s' | 'turn' | 'turns', number>>;
  readonly sip: { readonly domain: string; readonly host: string; readonly users: readonly EndpointUser[] };
  readonly xmpp: {
    readonly domain: string;
    readonly rooms: string;
    readonly address: string;
    readonly c2s: number;
    readonly c2sTls: number;
    readonly s2s: number;
    readonly users: readonly EndpointUser[];
  };
  /** Who stands for the SIP domain at an Edge's Prosody in the place of Kamailio (XEP-0114). */
  readonly component: { readonly port: number; readonly secret: string };
  readonly turn: { readonly user: string; readonly password: string; readonly realm: string };
  /** The partner's: federation over SIP is allowed only with it. */
  readonly clientCertificate: { readonly certificate: string; readonly key: string };
}

export interface EndpointUser {
  readonly user: string;
  readonly password: string;
  /** `user@domain` */
  readonly address: string;
}

/** Where a client finds everything; printed by `up` and `json`. */
export function endpointsOf(plan: RigPlan): Endpoints {
  const { settings, ports, addresses, files } = plan;
  const partner = `${files.pki}/partner-good`;
  return {
    state: files.state,
    ca: files.ca,
    gatewayMode: settings.gateway,
    gatewayDomain: gatewayMatch(settings.gateway),
    dns: { address: addresses.dns, port: ports.dns },
    edges: plan.edges.map((edge) => ({
      name: `edge${edge}.${sipDomain}`,
      address: edge === 1 ? addresses.edge1 : addresses.edge2,
    })),
    ports: { sip: ports.sip, sips: ports.sips, s2s: ports.s2s, turn: ports.turn, turns: ports.turns },
    sip: {
      domain: sipDomain,
      host: `sip.${sipDomain}`,
      users: settings.sipUsers.map((user) => withAddress(user, sipDomain)),
    },
    xmpp: {
      domain: xmppDomain,
      rooms: `rooms.${xmppDomain}`,
      address: addresses.partner,
      c2s: ports.c2s,
      c2sTls: ports.c2sTls,
      s2s: ports.s2s,
      users: settings.xmppUsers.map((user) => withAddress(user, xmppDomain)),
    },
    component: { port: ports.component, secret: componentSecret },
    turn: { user: turnUser.name, password: turnUser.password, realm: sipDomain },
    clientCertificate: { certificate: `${partner}.crt`, key: `${partner}.key` },
  };
}

function withAddress({ name, password }: User, domain: string): EndpointUser {
  return { user: name, password, address: `${name}@${domain}` };
}
