import { describe, expect, test } from 'vitest';
import { addressRecord, lookUp, serviceRecord, type ZoneRecord } from '../../../edge-simulator/dns/records.js';

const sip = addressRecord('sip.contoso.test', '127.0.0.1');
const service = serviceRecord('_sip._tls.contoso.test', 'sip.contoso.test', 443);
const alias: ZoneRecord = { name: 'edge.contoso.test', type: 'CNAME', target: 'sip.contoso.test' };
const loop: ZoneRecord = { name: 'loop.contoso.test', type: 'CNAME', target: 'LOOP.contoso.test' };

function ask(name: string, type: Parameters<typeof lookUp>[3]) {
  return lookUp(['contoso.test'], [sip, service, alias, loop], name, type);
}

describe('an authoritative answer', () => {
  test('has the records of that name and type, in whatever capitals they are asked for', () => {
    expect(ask('SIP.contoso.TEST', 'A')).toEqual({ kind: 'records', records: [sip] });
    expect(ask('_sip._tls.contoso.test', 'SRV')).toEqual({ kind: 'records', records: [service] });
  });

  test('has an alias before the records that it leads to, and ends where it goes in circles', () => {
    expect(ask('edge.contoso.test', 'A')).toEqual({ kind: 'records', records: [alias, sip] });
    expect(ask('loop.contoso.test', 'A')).toMatchObject({ kind: 'records', records: { length: 9 } });
  });

  test('is empty where the name exists without such a record, also as a node between others', () => {
    expect(ask('sip.contoso.test', 'AAAA')).toEqual({ kind: 'nodata' });
    expect(ask('sip.contoso.test', undefined)).toEqual({ kind: 'nodata' });
    expect(ask('_tls.contoso.test', 'SRV')).toEqual({ kind: 'nodata' });
  });

  test('is NXDOMAIN where nothing of that name exists, and a refusal outside of the zones', () => {
    expect(ask('gone.contoso.test', 'A')).toEqual({ kind: 'nxdomain' });
    expect(ask('notcontoso.test', 'A')).toEqual({ kind: 'refused' });
  });
});
