import { componentSecret, type RigPlan, sipDomain, turnUser, xmppDomain } from './rigPlan.js';
import type { HolderName } from './services.js';
import type { TemplateValues } from './template.js';

/** Where distributions put Kamailio's modules. */
export const kamailioModuleFolders = [
  '/usr/lib/x86_64-linux-gnu/kamailio/modules',
  '/usr/lib/aarch64-linux-gnu/kamailio/modules',
  '/usr/lib64/kamailio/modules',
  '/usr/lib/kamailio/modules',
];

/** What the name server's configuration needs. */
export function dnsValues(plan: RigPlan): TemplateValues {
  return { state: plan.files.state, dnsAddress: plan.addresses.dns, dnsPort: plan.ports.dns, sipDomain, xmppDomain };
}

/** What any configuration of `holder`'s servers needs; `kind` is the certificate it shows. */
export function holderValues(plan: RigPlan, holder: HolderName, kind: string): TemplateValues {
  const { settings, ports, files } = plan;
  const certificate = `${files.pki}/${holder}-${kind}`;
  return {
    ...dnsValues(plan),
    ...gatewayValues(settings.gateway),
    number: holder === 'edge2' ? 2 : 1,
    address: plan.addresses[holder],
    ca: files.ca,
    certificate: `${certificate}.crt`,
    key: `${certificate}.key`,
    sipPort: ports.sip,
    sipsPort: ports.sips,
    c2sPort: ports.c2s,
    c2sTlsPort: ports.c2sTls,
    s2sPort: ports.s2s,
    componentPort: ports.component,
    turnPort: ports.turn,
    turnsPort: ports.turns,
    relayMin: ports.relayMin,
    relayMax: ports.relayMax,
    turnUser: turnUser.name,
    turnPassword: turnUser.password,
    componentSecret,
    xmppLog: settings.xmppLog,
    certificatesOnly: settings.certificatesOnly,
    // SASL EXTERNAL is what replaces dialback; without it the module would offer nothing.
    externalAuthentication: settings.certificatesOnly ? '"saslauth", ' : '',
    modulePath: kamailioModuleFolders.join(':'),
    users: settings.sipUsers.map((user) => `    $sht(users=>${user.name}) = "${user.password}";`).join('\n'),
  };
}

/** The SIP host that leads to the XMPP partner, which is also how the endpoints name the gateway. */
export function gatewayMatch(gateway: 'direct' | 'star'): string {
  return gateway === 'direct' ? xmppDomain : `gw.${sipDomain}`;
}

function gatewayValues(gateway: 'direct' | 'star'): TemplateValues {
  return {
    gatewayDomain: gateway === 'direct' ? sipDomain : `gw.${sipDomain}`,
    gatewayMatch: gatewayMatch(gateway),
    gatewayMap:
      gateway === 'direct'
        ? `modparam("xmpp", "gwmap", "${sipDomain}=${sipDomain};${xmppDomain}=${xmppDomain}")`
        : '# Without a map, user*domain@gateway is the address of a user on the other side.',
  };
}
