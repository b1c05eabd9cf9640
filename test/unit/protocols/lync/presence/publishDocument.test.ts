import { describe, expect, test } from 'vitest';
import { noteSlots, writeNote, writeRemoval } from '../../../../../shared/protocols/lync/presence/publishDocument.js';
import { roamingList, writeBatchSubscribe } from '../../../../../shared/protocols/lync/presence/subscribeDocuments.js';
import { readXml } from '../../../../../shared/protocols/sip/xml.js';

const slots = noteSlots.map((slot, place) => ({ ...slot, version: place }));
const kenmyer = 'sip:kenmyer@contoso.com';

describe('a note', () => {
  test('is published in the containers of colleagues, workgroup and personal watchers, each with its version', () => {
    const note =
      '<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">a &lt;b&gt; &amp; c</body></note>';

    expect(writeNote(kenmyer, slots, 'a <b> & c')).toBe(
      '<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence">' +
        '<publications uri="sip:kenmyer@contoso.com">' +
        `<publication categoryName="note" instance="0" container="200" version="0" expireType="static">${note}</publication>` +
        `<publication categoryName="note" instance="0" container="300" version="1" expireType="static">${note}</publication>` +
        `<publication categoryName="note" instance="0" container="400" version="2" expireType="static">${note}</publication>` +
        '</publications></publish>',
    );
  });

  test('is removed by empty publications that expire at once', () => {
    expect(writeRemoval(kenmyer, slots.slice(1, 2))).toBe(
      '<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence">' +
        '<publications uri="sip:kenmyer@contoso.com">' +
        '<publication categoryName="note" instance="0" container="300" version="1" expireType="static" expires="0"/>' +
        '</publications></publish>',
    );
  });
});

describe('a subscription', () => {
  test('to oneself asks for categories, containers and subscribers', () => {
    expect(roamingList).toBe(
      '<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">' +
        '<roaming type="categories"/><roaming type="containers"/><roaming type="subscribers"/></roamingList>',
    );
  });

  test('to a contact names it, and the categories that are wanted', () => {
    expect(writeBatchSubscribe('sip:pilar@contoso.com', kenmyer, 63_792_024)).toBe(
      '<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="sip:pilar@contoso.com" name="">' +
        '<action name="subscribe" id="63792024"><adhocList><resource uri="sip:kenmyer@contoso.com"/></adhocList>' +
        '<categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist">' +
        '<category name="note"/><category name="state"/></categoryList></action></batchSub>',
    );
  });

  test.each(['sip:a&b@contoso.com', 'sip:"<x>"@contoso.com'])('to %s is well-formed', (contact) => {
    const reading = readXml(writeBatchSubscribe('sip:pilar@contoso.com', contact, 1));

    const action = reading.kind === 'element' ? reading.root.children[0] : undefined;
    expect(action?.children[0]?.children[0]?.attributes.uri).toBe(contact);
  });
});
