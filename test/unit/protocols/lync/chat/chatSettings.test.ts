import { describe, expect, test } from 'vitest';
import {
  readChatSettings,
  requirePool,
  settingsRequest,
} from '../../../../../shared/protocols/lync/chat/chatSettings.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

function told(content: string): string {
  return `<provisionGroupList xmlns="urn:any"><provisionGroup name="persistentChatConfiguration">${content}</provisionGroup></provisionGroupList>`;
}

const property = (name: string, value: string) => `<property name="${name}">${value}</property>`;
const enabled = property('EnablePersistentChat', 'true');

describe('what a front end tells of chat rooms', () => {
  test('is asked for once, by its name', () => {
    const { method, uri, headers, body } = settingsRequest('sip:pilar@contoso.com');

    expect({ method, uri }).toEqual({ method: 'SUBSCRIBE', uri: 'sip:pilar@contoso.com' });
    expect(headers).toEqual(expect.arrayContaining(['Event: vnd-microsoft-provisioning-v2', 'Expires: 0']));
    expect(body?.content).toContain('<provisioningGroup name="persistentChatConfiguration"/>');
  });

  test.each([
    [
      `<propertyEntryList>${enabled}${property('DefaultPersistentChatPoolUri', 'sip:gc@contoso.com')}</propertyEntryList>`,
    ],
    [`${property('EnablePersistentChat', ' True ')}${property('DefaultPersistentChatPoolUri', ' gc@contoso.com ')}`],
    [
      '<EnablePersistentChat>1</EnablePersistentChat><DefaultPersistentChatPoolUri>sip:gc@contoso.com</DefaultPersistentChatPoolUri>',
    ],
  ])('is the address of the service, however it is written: %#', (content) => {
    expect(readChatSettings(told(content))).toEqual({ kind: 'enabled', poolUri: 'sip:gc@contoso.com' });
  });

  test.each([
    [told(property('EnablePersistentChat', 'false')), 'not-enabled'],
    [told(''), 'not-enabled'],
    [told(enabled), 'no-pool'],
    [told(enabled + property('DefaultPersistentChatPoolUri', '')), 'no-pool'],
    [told(enabled + property('DefaultPersistentChatPoolUri', 'sip:gc@contoso.com;x="&gt;"')), 'no-pool'],
    ['<provisionGroupList/>', 'silent'],
    ['', 'unreadable'],
    ['<other/>', 'unreadable'],
    [`<!DOCTYPE a>${told(enabled)}`, 'document-type'],
    [told(' '.repeat(70_000)), 'too-large'],
  ])('is none: %#', (document, kind) => {
    expect(readChatSettings(document).kind).toBe(kind);
  });

  test.each([
    [
      'not-enabled',
      'CHAT_NOT_ENABLED',
      'sip.contoso.com tells sip:pilar@contoso.com that EnablePersistentChat is not true',
    ],
    [
      'no-pool',
      'CHAT_POOL_MISSING',
      'sip.contoso.com tells sip:pilar@contoso.com that EnablePersistentChat is true, but not a DefaultPersistentChatPoolUri',
    ],
    ['silent', 'CHAT_NOT_DEPLOYED', 'sip.contoso.com told sip:pilar@contoso.com no group persistentChatConfiguration'],
    ['document-type', 'CHAT_DOCUMENT_FORBIDDEN', 'the settings that sip.contoso.com sent declare a document type'],
    ['too-large', 'CHAT_DOCUMENT_TOO_LARGE', 'the settings that sip.contoso.com sent are larger than any are'],
  ] as const)('%s is %s', async (kind, code, error) => {
    const found = await diagnosisOf((async () => requirePool({ kind }, 'sip:pilar@contoso.com', 'sip.contoso.com'))());

    expect(found).toMatchObject({ code, error });
  });
});
