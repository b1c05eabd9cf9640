import { describe, expect, test } from 'vitest';
import { parseCommand, usage } from '../../rig/plan/commandLine.js';

describe('the command line', () => {
  test.each([
    [['up'], { verb: 'up' }],
    [['install'], { verb: 'install', ifPossible: false }],
    [['install', '--if-possible'], { verb: 'install', ifPossible: true }],
    [['log', 'sip1'], { verb: 'log', service: 'sip1', lines: 40 }],
    [['log', 'dns', '7'], { verb: 'log', service: 'dns', lines: 7 }],
    [['config', 'out'], { verb: 'config', folder: 'out' }],
    [['fault', 'pause', 'edge1'], { verb: 'fault', fault: { kind: 'pause', target: 'edge1' } }],
    [['fault', 'dns', 'lame'], { verb: 'fault', fault: { kind: 'dns', variant: 'lame' } }],
    [
      ['fault', 'cert', 'partner', 'soon'],
      { verb: 'fault', fault: { kind: 'cert', holder: 'partner', certificate: 'soon' } },
    ],
    [['fault', 'clear'], { verb: 'fault', fault: { kind: 'clear' } }],
    [['--help'], { verb: 'help' }],
  ])('%j is understood', (args, command) => {
    expect(parseCommand(args)).toEqual(command);
  });

  const verbs = 'install, up, down, status, log, json, fault, config, help';
  const servers = 'dns, partner, xmpp1, sip1, turn1, xmpp2, sip2, turn2';
  test.each([
    [[], `verb is missing: expected ${verbs}`],
    [['start'], `no verb "start": expected ${verbs}`],
    [['log'], `server is missing: expected ${servers}`],
    [['log', 'edge1'], `no server "edge1": expected ${servers}`],
    [['log', 'sip1', '0'], 'lines: expected a number from 1 to 999999, got "0"'],
    [['config'], 'config: expected the folder to write to'],
    [['fault'], 'fault is missing: expected pause, resume, stop, start, dns, cert, clear'],
    [['fault', 'pause'], `server is missing: expected ${servers}, edge1, edge2, all`],
    [['fault', 'dns', 'x'], 'no DNS variant "x": expected primary, standby, only2, nosrv, lame, noaddr'],
    [['fault', 'cert', 'dns'], 'no certificate holder "dns": expected edge1, edge2, partner'],
    [['fault', 'cert', 'edge1'], 'kind of certificate is missing: expected good, soon, expired, wrongname, untrusted'],
    [['up', 'now'], `unexpected argument "now"; ${usage}`],
    [['fault', 'clear', 'x'], `unexpected argument "x"; ${usage}`],
  ])('%j is refused in one line that names the choices', (args, message) => {
    expect(() => parseCommand(args)).toThrow(expect.objectContaining({ name: 'UsageError', message }));
    expect(message).not.toContain('\n');
  });
});
