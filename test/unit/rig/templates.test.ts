import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planOf } from '../../rig/plan/rigPlan.js';
import { settle } from '../../rig/plan/settings.js';
import { fillTemplate } from '../../rig/plan/template.js';
import { dnsValues, holderValues } from '../../rig/plan/templateValues.js';

const template = (name: string) => readFileSync(`${import.meta.dirname}/../../rig/templates/${name}.in`, 'utf8');
const plan = planOf(settle({ net: '127.0.31' }, '/tmp/rig'));

describe('a template', () => {
  test('has every placeholder replaced, wherever it stands', () => {
    expect(fillTemplate('{{a}}:{ {{b}} } {{a}}', { a: 'x', b: 5061 })).toBe('x:{ 5061 } x');
  });

  test('keeps a value as it is, also one that looks like a placeholder or a replacement pattern', () => {
    expect(fillTemplate('{{a}}', { a: '$& {{b}}' })).toBe('$& {{b}}');
  });

  test('is refused when a placeholder has no value', () => {
    expect(() => fillTemplate('{{toString}}', {})).toThrow('template: no value for {{toString}}');
  });
});

describe('the templates of the rig', () => {
  test.each(['kamailio.cfg', 'tls.cfg', 'prosody-edge.cfg.lua', 'turnserver.conf'])('%s fills for an Edge', (name) => {
    expect(fillTemplate(template(name), holderValues(plan, 'edge2', 'good'))).not.toMatch(/\{\{\w/);
  });

  test('Kamailio of Edge 2 listens on its own address and shows the certificate that was chosen', () => {
    const values = holderValues(plan, 'edge2', 'expired');

    expect(fillTemplate(template('kamailio.cfg'), values)).toContain('\nlisten=tls:127.0.31.12:15061\n');
    expect(fillTemplate(template('tls.cfg'), values)).toContain('\ncertificate = /tmp/rig/pki/edge2-expired.crt\n');
  });

  test('Kamailio knows every SIP user', () => {
    const text = fillTemplate(template('kamailio.cfg'), holderValues(plan, 'edge1', 'good'));

    expect(text).toContain('$sht(users=>pilar) = "Rig-pilar-1";');
    expect(text).toContain('$sht(users=>probe2) = "Rig-probe2-1";');
  });

  test('the partner and the name server fill as well', () => {
    expect(fillTemplate(template('prosody-partner.cfg.lua'), holderValues(plan, 'partner', 'good'))).toContain(
      'c2s_direct_tls_ports = { 15223 }',
    );
    expect(fillTemplate(template('knot.conf'), dnsValues(plan))).toContain('listen: 127.0.31.1@15353');
  });

  test('the gateway keeps addresses when direct and has a host of its own when star', () => {
    const star = planOf(settle({ gateway: 'star' }, '/tmp/rig'));

    const direct = fillTemplate(template('kamailio.cfg'), holderValues(plan, 'edge1', 'good'));
    const mapped = fillTemplate(template('kamailio.cfg'), holderValues(star, 'edge1', 'good'));

    expect(direct).toContain('modparam("xmpp", "gwmap", "contoso.test=contoso.test;partner.test=partner.test")');
    expect(direct).toContain('if ($rd == "partner.test")');
    expect(mapped).not.toContain('gwmap');
    expect(mapped).toContain('if ($rd == "gw.contoso.test")');
  });

  test('federation by certificates alone offers SASL EXTERNAL', () => {
    const secure = planOf(settle({ certificatesOnly: true }, '/tmp/rig'));

    const text = fillTemplate(template('prosody-edge.cfg.lua'), holderValues(secure, 'edge1', 'good'));

    expect(text).toContain('modules_enabled = { "saslauth", "tls",');
    expect(text).toContain('s2s_secure_auth = true');
  });
});
