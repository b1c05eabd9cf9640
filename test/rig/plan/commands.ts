import type { RigPlan } from './rigPlan.js';
import { kindOf, type ServiceName } from './services.js';

/** How a server is started and how one sees that it is ready. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** A shared object put in front of the program's own libraries. */
  readonly preload?: string;
  readonly address: string;
  /** TCP ports that must be free before, and open once the server is ready. */
  readonly ports: readonly number[];
}

export function commandOf(plan: RigPlan, service: ServiceName): ServerCommand {
  const { files, ports, addresses } = plan;
  const { kind, edge } = kindOf(service);
  const address = edge === 2 ? addresses.edge2 : addresses.edge1;
  const folder = `${files.state}/edge${edge}`;
  switch (kind) {
    case 'dns':
      return { program: 'knotd', args: ['-c', `${files.dns}/knot.conf`], address: addresses.dns, ports: [ports.dns] };
    case 'partner':
      return {
        program: 'prosody',
        args: ['--config', `${files.state}/partner/prosody.cfg.lua`, '-F'],
        preload: files.testTldFix,
        address: addresses.partner,
        ports: [ports.c2s, ports.c2sTls, ports.s2s],
      };
    case 'xmpp':
      return {
        program: 'prosody',
        args: ['--config', `${folder}/prosody.cfg.lua`, '-F'],
        preload: files.testTldFix,
        address,
        ports: [ports.component, ports.s2s],
      };
    case 'sip':
      return {
        program: 'kamailio',
        // -DD keeps the first process in the foreground with its children in its group; -m and -M are megabytes.
        args: ['-f', `${folder}/kamailio.cfg`, '-Y', `${folder}/run`, '-DD', '-E', '-m', '32', '-M', '8'],
        preload: files.xmppFix,
        address,
        ports: [ports.sip, ports.sips],
      };
    case 'turn':
      return {
        program: 'turnserver',
        args: ['-c', `${folder}/turnserver.conf`],
        address,
        ports: [ports.turn, ports.turns],
      };
  }
}
