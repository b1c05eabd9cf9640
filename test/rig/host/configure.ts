import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type RigPlan, xmppDomain } from '../plan/rigPlan.js';
import { fillTemplate, type TemplateValues } from '../plan/template.js';
import { dnsValues, holderValues } from '../plan/templateValues.js';
import { makeCertificates, shownKinds } from './certificateFiles.js';
import { compileFixes } from './fixes.js';
import { currentVariant, writeZones } from './zoneFiles.js';

/** Where the presence modules' empty text database is copied from. */
const emptyDatabase = '/usr/share/kamailio/dbtext/kamailio';

/** Writes everything the servers read, with the certificate that each holder shows at present. */
export async function configure(plan: RigPlan, templates: string): Promise<void> {
  makeFolders(plan);
  await Promise.all([makeCertificates(plan, templates), compileFixes(plan, templates)]);
  const fill = (template: string, target: string, values: TemplateValues) =>
    writeFileSync(
      `${plan.files.state}/${target}`,
      fillTemplate(readFileSync(`${templates}/${template}.in`, 'utf8'), values),
    );

  fill('knot.conf', 'dns/knot.conf', dnsValues(plan));
  if (currentVariant(plan) === undefined) writeZones(plan, 'primary');
  for (const edge of plan.edges) {
    const folder = `edge${edge}` as const;
    const values = holderValues(plan, folder, shownKinds(plan)[folder]);
    copyDatabase(`${plan.files.state}/${folder}/dbtext`);
    fill('kamailio.cfg', `${folder}/kamailio.cfg`, values);
    fill('tls.cfg', `${folder}/tls.cfg`, values);
    fill('prosody-edge.cfg.lua', `${folder}/prosody.cfg.lua`, values);
    fill('turnserver.conf', `${folder}/turnserver.conf`, values);
  }
  writeXmppAccounts(plan);
  fill('prosody-partner.cfg.lua', 'partner/prosody.cfg.lua', holderValues(plan, 'partner', shownKinds(plan).partner));
}

/** Made each time, so that an `up` that was killed half-way can be done again. */
function makeFolders({ files, edges }: RigPlan): void {
  const ofEdges = edges.flatMap((edge) => [`edge${edge}/prosody`, `edge${edge}/run`]);
  for (const name of ['run', 'log', 'pki', 'lib', 'certs', 'dns/db', 'partner', ...ofEdges]) {
    mkdirSync(`${files.state}/${name}`, { recursive: true });
  }
}

function copyDatabase(target: string): void {
  if (existsSync(emptyDatabase) && !existsSync(target)) cpSync(emptyDatabase, target, { recursive: true });
}

/** Prosody's own storage: a Lua table a user; it writes every other character of a name as %xx. */
function writeXmppAccounts({ files, settings }: RigPlan): void {
  const storedName = (name: string) => name.replace(/[^A-Za-z0-9]/g, (other) => `%${other.charCodeAt(0).toString(16)}`);
  const folder = `${files.state}/partner/prosody/${storedName(xmppDomain)}/accounts`;
  mkdirSync(folder, { recursive: true });
  for (const { name, password } of settings.xmppUsers) {
    writeFileSync(`${folder}/${storedName(name)}.dat`, `return {\n\t["password"] = "${password}";\n};\n`);
  }
}
