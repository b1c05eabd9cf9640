import { type EdgeNumber, edgesOf, type HolderName } from './services.js';
import type { RigSettings } from './settings.js';

/** Where every server listens and every file lies: computed from the settings alone. */
export interface RigPlan {
  readonly settings: RigSettings;
  readonly ports: Ports;
  readonly addresses: Readonly<Record<'dns' | HolderName, string>>;
  readonly files: RigFiles;
  readonly edges: readonly EdgeNumber[];
}

export interface Ports {
  readonly sip: number;
  readonly sips: number;
  readonly c2s: number;
  readonly c2sTls: number;
  readonly s2s: number;
  readonly component: number;
  readonly turn: number;
  readonly turns: number;
  readonly dns: number;
  readonly relayMin: number;
  readonly relayMax: number;
}

export interface RigFiles {
  readonly state: string;
  readonly settings: string;
  /** What runs: one file a server. */
  readonly run: string;
  readonly logs: string;
  readonly pki: string;
  readonly ca: string;
  /** Which kind of certificate each holder shows. */
  readonly shown: string;
  readonly dns: string;
  readonly knotSocket: string;
  readonly xmppFix: string;
  readonly testTldFix: string;
}

export const sipDomain = 'contoso.test';
export const xmppDomain = 'partner.test';

/** Test-only, as every credential of the rig. */
export const turnUser: { readonly name: string; readonly password: string } = {
  name: 'turnprobe',
  password: 'Rig-turn-1',
};
export const componentSecret = 'rig-component';

export function planOf(settings: RigSettings): RigPlan {
  const { base, net, state, services } = settings;
  return {
    settings,
    ports: {
      sip: base + 5060,
      sips: base + 5061,
      c2s: base + 5222,
      c2sTls: base + 5223,
      s2s: base + 5269,
      component: base + 5347,
      turn: base + 3478,
      turns: base + 5349,
      dns: base + 5353,
      relayMin: base + 9500,
      relayMax: base + 9599,
    },
    addresses: { dns: `${net}.1`, edge1: `${net}.11`, edge2: `${net}.12`, partner: `${net}.21` },
    files: {
      state,
      settings: `${state}/settings.json`,
      run: `${state}/run`,
      logs: `${state}/log`,
      pki: `${state}/pki`,
      ca: `${state}/pki/ca.crt`,
      shown: `${state}/pki/shown.json`,
      dns: `${state}/dns`,
      knotSocket: `${state}/dns/knot.sock`,
      xmppFix: `${state}/lib/xmpp-fix.so`,
      testTldFix: `${state}/lib/test-tld-fix.so`,
    },
    edges: edgesOf(services),
  };
}

/** Where Kamailio of one Edge takes management commands. */
export function controlSocket(plan: RigPlan, edge: EdgeNumber): string {
  return `${plan.files.state}/edge${edge}/ctl.sock`;
}
