import { escapeXml } from '../../sip/xml.js';

/** What a user wants to know about itself: its categories with their versions, its containers and who asks to watch (MS-PRES 2.2.2.1). */
export const roamingList = [
  '<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">',
  '<roaming type="categories"/><roaming type="containers"/><roaming type="subscribers"/>',
  '</roamingList>',
].join('');

/** What a watcher asks for; a server may send other categories all the same. */
const watched = ['note', 'state'];

/** The body of a SUBSCRIBE to the presence of `contact`, in a batch or alone (MS-PRES 2.2.2.2). `id` is any number. */
export function writeBatchSubscribe(own: string, contact: string, id: number): string {
  const categories = watched.map((name) => `<category name="${name}"/>`).join('');
  return [
    `<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="${escapeXml(own)}" name="">`,
    `<action name="subscribe" id="${id}">`,
    `<adhocList><resource uri="${escapeXml(contact)}"/></adhocList>`,
    `<categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist">${categories}</categoryList>`,
    '</action></batchSub>',
  ].join('');
}
