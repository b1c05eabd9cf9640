import { spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWithRig, useRig } from './describeWithRig.js';
import { waitFor } from './host/waiting.js';
import type { CertificateKind } from './plan/certificates.js';
import type { Endpoints } from './plan/endpoints.js';
import { type ServiceName, serviceNames } from './plan/services.js';
import type { DnsVariant } from './plan/zones.js';
import { findProjectRoot } from './projectRoot.js';
import { certificateVerdict, connectToEdge, knock, nonceOf, register } from './rawSip.js';
import { openRig, raiseRig, randomNet } from './rig.js';

const sipOnly: readonly ServiceName[] = ['dns', 'sip1'];

describeWithRig('a rig of DNS and Kamailio alone', sipOnly, () => {
  const rig = useRig({ services: sipOnly });
  afterEach(() => rig().fault.clear());

  test('answers REGISTER over TLS with a digest challenge under the certificate of sip.contoso.test', async () => {
    const socket = await connectToEdge(rig().endpoints);

    const answer = await register(socket, { user: 'pilar', password: '', expires: 60 });

    expect(socket.getPeerCertificate().subject.CN).toBe('sip.contoso.test');
    expect(answer).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
    expect(answer).toContain('WWW-Authenticate: Digest realm="contoso.test"');
    socket.destroy();
  });

  test('tells who is registered, and that nobody is after the binding was removed', async () => {
    const [first] = rig().endpoints.sip.users;
    const user = { user: first?.user ?? '', password: first?.password ?? '' };
    const socket = await connectToEdge(rig().endpoints);
    const nonce = nonceOf(await register(socket, { ...user, expires: 60 }));

    const before = await rig().contacts();
    const added = await register(socket, { ...user, expires: 60, nonce });
    const during = await rig().contacts();
    await register(socket, { ...user, expires: 0, nonce });
    const after = await rig().contacts();

    expect(added).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(before).toEqual([]);
    expect(during).toEqual([{ user: 'pilar', address: 'sip:pilar@192.0.2.1;transport=tls' }]);
    expect(after).toEqual([]);
    socket.destroy();
  });

  test('runs the commands of Kamailio’s RPC', async () => {
    expect(await rig().kamailio(['core.version'])).toMatch(/^kamailio /);
    await expect(rig().kamailio(['no.such'])).rejects.toThrow('no.such: error: 500 - command no.such not found');
  });

  test('is silent while Kamailio is paused and answers once it is resumed', async () => {
    await rig().fault.pause('sip1');
    const paused = { heard: await knock(rig().endpoints), state: stateOf('sip1') };
    await rig().fault.resume('sip1');

    expect(paused).toEqual({ heard: 'silent', state: 'paused' });
    expect(await knock(rig().endpoints)).toBe('answered');
  });

  test('refuses connections while Kamailio is stopped and takes them once it is started', async () => {
    await rig().fault.stop('sip1');
    const stopped = { heard: await knock(rig().endpoints), state: stateOf('sip1') };
    await rig().fault.start('sip1');

    expect(stopped).toEqual({ heard: 'refused', state: 'stopped' });
    expect(await knock(rig().endpoints)).toBe('answered');
  });

  test('starts again after its first process was killed and left its children on the ports', async () => {
    const killed = rig()
      .status()
      .find(({ service }) => service === 'sip1');
    process.kill(killed?.pid ?? Number.NaN, 'SIGKILL');
    await waitFor(5000, () => stateOf('sip1') === 'stopped' || undefined);
    const left = processesNaming(rig().endpoints.state).length;

    await rig().fault.start('sip1');

    expect(left).toBeGreaterThan(1);
    expect(await knock(rig().endpoints)).toBe('answered');
    expect(stateOf('sip1')).toBe('running');
  });

  test.each<[CertificateKind, string]>([
    ['good', 'good'],
    ['soon', 'good'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrongname', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['untrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('shows a certificate that is %s, which a client finds %s', async (kind, found) => {
    await rig().fault.cert('edge1', kind);

    expect(await certificateVerdict(rig().endpoints)).toBe(found);
  });

  test('shows a certificate that ends in five days when it is to end soon', async () => {
    await rig().fault.cert('edge1', 'soon');

    const socket = await connectToEdge(rig().endpoints);
    const daysLeft = (Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / 86_400_000;

    expect(Math.round(daysLeft)).toBe(5);
    socket.destroy();
  });

  test.each<[DnsVariant, string, string]>([
    ['primary', 'edge1.contoso.test/0 edge2.contoso.test/10', '.11'],
    ['standby', 'edge2.contoso.test/0 edge1.contoso.test/10', '.12'],
    ['only2', 'edge2.contoso.test/10', '.12'],
    ['nosrv', 'ENOTFOUND', '.11'],
    ['lame', 'gone1.contoso.test/0 gone2.contoso.test/10', '.11'],
    ['noaddr', 'edge1.contoso.test/0 edge2.contoso.test/10', 'ENOTFOUND'],
  ])('with DNS variant %s a resolver finds %s and the host at %s', async (variant, targets, host) => {
    await rig().fault.dns(variant);

    expect(await lookUp(rig().endpoints)).toEqual({ targets, host });
  });

  test('answers no query while DNS is paused', async () => {
    await rig().fault.pause('dns');

    expect(await lookUp(rig().endpoints)).toEqual({ targets: 'ETIMEOUT', host: 'ETIMEOUT' });
  });

  test('is as new after everything was broken and cleared', async () => {
    await rig().fault.dns('lame');
    await rig().fault.cert('edge1', 'expired');
    await rig().fault.stop('sip1');
    await rig().fault.pause('dns');

    await rig().fault.clear();

    expect(await certificateVerdict(rig().endpoints)).toBe('good');
    expect((await lookUp(rig().endpoints)).targets).toBe('edge1.contoso.test/0 edge2.contoso.test/10');
  });

  test('refuses a fault for a server that it does not have or that does not run', async () => {
    await rig().fault.stop('sip1');

    await expect(rig().fault.stop('turn1')).rejects.toThrow('turn1 is not part of this rig, which has dns, sip1');
    await expect(rig().fault.pause('sip1')).rejects.toThrow('sip1: not running');
  });

  test('writes a configuration, an authority and secrets that only their owner may read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rig-config-'));

    rig().writeConfig(join(folder, 'made'));

    const read = (name: string) => readFileSync(join(folder, 'made', name), 'utf8');
    expect(readdirSync(join(folder, 'made'))).toEqual([
      'ca.pem',
      'partner-key.pem',
      'partner.pem',
      'probes.json',
      'secrets.env',
    ]);
    expect(read('ca.pem')).toBe(readFileSync(rig().endpoints.ca, 'utf8'));
    expect(read('secrets.env')).toContain("PILAR_PASSWORD='Rig-pilar-1'\n");
    expect(statSync(join(folder, 'made', 'secrets.env')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(read('probes.json')).edges[0].accessEdge.address).toBe(rig().endpoints.edges[0]?.address);
    rmSync(folder, { recursive: true });
  });

  test('has a twin beside it that comes and goes without disturbing it, and leaves nothing behind', async () => {
    const twin = await openRig({ services: sipOnly });
    const both = [await knock(rig().endpoints), await knock(twin.endpoints)];
    await twin.down();

    expect(both).toEqual(['answered', 'answered']);
    expect(await knock(twin.endpoints)).toBe('refused');
    expect(await knock(rig().endpoints)).toBe('answered');
    expect(existsSync(twin.endpoints.state)).toBe(false);
    expect(processesNaming(twin.endpoints.state)).toEqual([]);
  });

  function stateOf(service: ServiceName): string | undefined {
    return rig()
      .status()
      .find((status) => status.service === service)?.state;
  }
});

describeWithRig('bringing a rig up', sipOnly, () => {
  test('twice at once starts every server once', async () => {
    const state = join(tmpdir(), `rig-twice-${process.pid}`);
    const options = { net: randomNet(), state, services: ['dns'] } as const;

    const [one, other] = await Promise.all([raiseRig(options), raiseRig(options)]);
    const pids = [one.rig.status()[0]?.pid, other.rig.status()[0]?.pid];
    const found = processesNaming(state);
    await one.rig.down();

    expect(pids[0]).toBe(pids[1]);
    expect(found).toEqual([String(pids[0])]);
  });

  test('fails with one clear message and leaves nothing when a port is taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rig-taken-'));
    const net = randomNet();
    const squatter = createServer();
    await new Promise<void>((listening) => squatter.listen({ host: `${net}.11`, port: 25_061 }, listening));

    const failed = openRig({ net, services: sipOnly, state: join(folder, 'rig') });

    await expect(failed).rejects.toThrow(`sip1: ${net}.11:25061 is in use by something else; set RIG_BASE or RIG_NET`);
    expect(readdirSync(folder)).toEqual([]);
    expect(processesNaming(folder)).toEqual([]);
    squatter.close();
    rmSync(folder, { recursive: true });
  });

  test('refuses a folder that holds something else, and does not touch it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rig-foreign-'));
    const kept = join(folder, 'thesis');
    spawnSync('touch', [kept]);

    await expect(openRig({ state: folder, services: ['dns'] })).rejects.toThrow(
      `${folder} holds something that is no rig: choose another RIG_STATE`,
    );
    expect(existsSync(kept)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describeWithRig('the whole rig', serviceNames, () => {
  const rig = useRig({});

  test('runs every server, with the gateway of each Edge connected', () => {
    expect(
      rig()
        .status()
        .map(({ service, state }) => `${service} ${state}`),
    ).toEqual(serviceNames.map((service) => `${service} running`));
    expect(rig().log('xmpp1', 1000)).toContain('component successfully authenticated');
    expect(rig().log('xmpp2', 1000)).toContain('component successfully authenticated');
  });

  test('has its gateway connected again once either end of it was restarted', async () => {
    const connections = () => rig().log('xmpp1', 1000).split('component successfully authenticated').length - 1;
    await rig().fault.stop('sip1');
    await rig().fault.start('sip1');
    const afterSip = connections();
    await rig().fault.stop('xmpp1');
    await rig().fault.start('xmpp1');

    expect([afterSip, connections()]).toEqual([2, 1]);
  });

  test('shows an exchanged certificate at every server of its holder', async () => {
    const { endpoints } = rig();

    await rig().fault.cert('edge1', 'expired');
    const broken = [await certificateVerdict(endpoints), await certificateVerdict(endpoints, endpoints.ports.turns)];
    await rig().fault.clear();
    const cleared = [await certificateVerdict(endpoints), await certificateVerdict(endpoints, endpoints.ports.turns)];

    expect(broken).toEqual(['CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED']);
    expect(cleared).toEqual(['good', 'good']);
  });
});

describeWithRig('the rig command', sipOnly, () => {
  let folder = '';
  const net = randomNet();
  let environment: Record<string, string> = {};
  const state = () => join(folder, 'rig');
  const run = (...args: readonly string[]) => {
    const options = { cwd: findProjectRoot(), env: environment, encoding: 'utf8' } as const;
    const done = spawnSync(process.execPath, [join(folder, 'rig.cjs'), ...args], options);
    return { code: done.status, out: done.stdout, err: done.stderr };
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rig-command-'));
    environment = { PATH: '/usr/bin', RIG_STATE: state(), RIG_NET: net, RIG_SERVICES: 'dns sip1' };
    const entryPoints = [join(findProjectRoot(), 'test/rig/main.ts')];
    await build({ entryPoints, outfile: join(folder, 'rig.cjs'), bundle: true, platform: 'node', format: 'cjs' });
  });
  afterAll(() => {
    run('down');
    rmSync(folder, { recursive: true });
  });

  test('goes from up to down with results on standard output and nothing else there', () => {
    const up = run('up');
    const again = run('up');
    const json = run('json');
    const fault = run('fault', 'pause', 'sip1');
    const status = run('status');
    const config = run('config', join(folder, 'made'));
    const log = run('log', 'dns', '1');
    const down = run('down');

    expect([up, again, json, fault, status, config, log, down].map(({ code, err }) => `${code}${err}`)).toEqual(
      Array.from({ length: 8 }, () => '0'),
    );
    expect(JSON.parse(up.out)).toMatchObject({ state: state(), sip: { domain: 'contoso.test' } });
    expect([again.out, json.out]).toEqual([up.out, up.out]);
    expect(status.out).toMatch(/^dns {6}running {2}pid \d+ +1 processes, \d+ kB\nsip1 {5}paused {3}pid \d+/);
    expect([fault.out, config.out, down.out]).toEqual(['', '', '']);
    expect(log.out.split('\n')).toHaveLength(2);
    expect(existsSync(state())).toBe(false);
    expect(processesNaming(state())).toEqual([]);
  });

  test('says so when no rig is up, and down has then nothing to do', () => {
    const expected = 'rig: no rig is up here: run up first (RIG_BASE and RIG_STATE say which)\n';

    expect(run('status')).toEqual({ code: 1, out: '', err: expected });
    expect(run('down')).toEqual({ code: 0, out: '', err: '' });
  });

  test('ends with 2 and one line that names the choices on wrong usage', () => {
    expect(run('fault', 'pause', 'sip9')).toEqual({
      code: 2,
      out: '',
      err: `rig: no server "sip9": expected ${serviceNames.join(', ')}, edge1, edge2, all\n`,
    });
  });

  test('refuses to bring up something else where a rig is up', () => {
    run('up');
    environment.RIG_NET = '127.0.0';

    const other = run('up');

    expect(other).toEqual({
      code: 2,
      out: '',
      err: `rig: the rig at ${state()} is up with RIG_NET=${net}: keep that, or run down first\n`,
    });
  });
});

async function lookUp({ dns }: Endpoints): Promise<{ targets: string; host: string }> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([`${dns.address}:${dns.port}`]);
  const orCode = (error: NodeJS.ErrnoException) => error.code ?? error.message;
  const targets = resolver.resolveSrv('_sip._tls.contoso.test').then(
    (found) =>
      found
        .toSorted((one, other) => one.priority - other.priority)
        .map(({ name, priority }) => `${name}/${priority}`)
        .join(' '),
    orCode,
  );
  const host = resolver
    .resolve4('sip.contoso.test')
    .then((found) => found.join().replace(/^127\.\d+\.\d+/, ''), orCode);
  return { targets: await targets, host: await host };
}

/** The pids of running processes whose command line holds `text`. */
function processesNaming(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      const file = `/proc/${pid}/cmdline`;
      return existsSync(file) && readFileSync(file, 'utf8').includes(text);
    });
}
