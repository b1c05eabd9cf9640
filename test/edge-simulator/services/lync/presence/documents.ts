import { escaped } from '../../../sip/xmlTree.js';
import { type AggregateState, aggregateOf, unique } from './aggregate.js';
import type { Publication } from './publications.js';

/** A body and what Content-Type says about it. */
export interface Document {
  readonly type: string;
  readonly body: string;
}

const schemas = 'http://schemas.microsoft.com/2006/09/sip';
/** The container of everybody of the same company: whoever asks here is a member of it. */
const colleagues = 200;
const containers = [
  [0, 'everybody'],
  [1, ''],
  [2, ''],
  [3, ''],
  [100, 'federated'],
  [colleagues, 'sameEnterprise'],
  [300, ''],
  [400, ''],
  [32_000, ''],
] as const;

/** The contact list of a user: everybody else (MS-PRES 2.2.2.1). */
export function contactsDocument(others: readonly string[]): Document {
  const contacts = others.map(
    (address) => `<contact uri="${escaped(address)}" name="" groups="1 " subscribed="true" externalURI=""/>`,
  );
  const body = `<contactList deltaNum="1"><group id="1" name="~" externalURI=""/>${contacts.join('')}</contactList>`;
  return { type: 'application/vnd-microsoft-roaming-contacts+xml', body };
}

/** What clients are told about the services there are (MS-SIPREGE, MS-PRES 2.2.2.3); of the groups those that were asked for. */
export function provisioningDocument(groups: ReadonlyMap<string, string>, asked: readonly string[]): Document {
  const told = [...groups]
    .filter(([name]) => asked.includes(name))
    .map(([name, content]) => `<provisionGroup name="${name}">${content}</provisionGroup>`);
  const body = `<provisionGroupList xmlns="${schemas}/provisiongrouplist-notification">${told.join('')}</provisionGroupList>`;
  return { type: 'application/vnd-microsoft-roaming-provisioning-v2+xml', body };
}

export const selfType = 'application/vnd-microsoft-roaming-self+xml';

/** A user's own data (MS-PRES 2.2.2.6): the categories with their versions; with `whole` also containers and subscribers. */
export function selfDocument(
  address: string,
  publications: readonly Publication[],
  gone: readonly string[],
  whole: boolean,
): Document {
  const empty = gone.map((name) => `<cat:category name="${escaped(name)}"/>`).join('');
  const categories = `<cat:categories xmlns:cat="${schemas}/categories" uri="${escaped(address)}">${empty}${publications.map(ownCategory).join('')}</cat:categories>`;
  const body = `<roamingData xmlns="${schemas}/roaming-self">${categories}${whole ? containersAndSubscribers() : ''}</roamingData>`;
  return { type: selfType, body };
}

function containersAndSubscribers(): string {
  const listed = containers.map(([id, member]) =>
    member === ''
      ? `<con:container id="${id}" version="0"/>`
      : `<con:container id="${id}" version="1"><con:member type="${member}"/></con:container>`,
  );
  return `<con:containers xmlns:con="${schemas}/containers">${listed.join('')}</con:containers><sub:subscribers xmlns:sub="${schemas}/presence-subscribers"/>`;
}

function ownCategory(one: Publication): string {
  const { category, instance, publishedAtMs, container, version, expireType, content, declarations } = one;
  return `<cat:category name="${category}" instance="${instance}" publishTime="${timeText(publishedAtMs)}" container="${container}" version="${version}" expireType="${expireType}"${unique(declarations)}>${content}</cat:category>`;
}

/** One category of a user as a subscriber sees it; empty when there is nothing to see. */
export function visibleCategory(publications: readonly Publication[], name: string): string {
  if (name === 'state') return stateCategory(aggregateOf(publications));
  const seen = publications.filter(({ category, container }) => category === name && container === colleagues);
  return seen
    .map(
      ({ instance, publishedAtMs, content, declarations }) =>
        `<category name="${name}" instance="${instance}" publishTime="${timeText(publishedAtMs)}"${unique(declarations)}>${content}</category>`,
    )
    .join('');
}

function stateCategory({ availability, activity, publishedAtMs }: AggregateState): string {
  const active = activity === undefined ? '' : `<activity token="${escaped(activity)}"/>`;
  return `<category name="state" instance="1" publishTime="${timeText(publishedAtMs)}"><state xmlns="${schemas}/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState"><availability>${availability}</availability>${active}</state></category>`;
}

/** The categories of one user, each as `visibleCategory` gives it or empty. */
export function categoriesDocument(address: string, categories: ReadonlyMap<string, string>): Document {
  const written = [...categories].map(([name, text]) => (text === '' ? `<category name="${escaped(name)}"/>` : text));
  const body = `<categories xmlns="${schemas}/categories" uri="${escaped(address)}">${written.join('')}</categories>`;
  return { type: 'application/msrtc-event-categories+xml', body };
}

/** One user of a batched subscription. */
export interface Resource {
  readonly address: string;
  readonly state: 'active' | 'terminated' | 'resubscribe';
  /** Only while active. */
  readonly document?: Document;
}

/** The list of resources and the documents of those that are active (RFC 4662 section 5.2, MS-PRES 2.2.2.7). */
export function resourceListDocument(listUri: string, resources: readonly Resource[], boundary: string): Document {
  const entries = resources.map(({ address, state }) => {
    const rest =
      state === 'active'
        ? ` cid="${escaped(contentId(address))}"`
        : state === 'terminated'
          ? ' reason="noresource"'
          : '';
    return `<resource uri="${escaped(address)}"><instance id="0" state="${state}"${rest}/></resource>`;
  });
  const list = `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${escaped(listUri)}" version="0" fullState="false">${entries.join('')}</list>`;
  const parts = [
    part('resourceList', 'application/rlmi+xml', list),
    ...resources.flatMap(({ address, document }) =>
      document === undefined ? [] : [part(contentId(address), document.type, document.body)],
    ),
  ];
  const body = `${parts.map((text) => `--${boundary}\r\n${text}\r\n`).join('')}--${boundary}--\r\n`;
  return { type: `multipart/related;type="application/rlmi+xml";start=resourceList;boundary=${boundary}`, body };
}

/** Each document ends its last line: pidgin-sipe takes two bytes off the end of a part. */
function part(id: string, type: string, body: string): string {
  return `Content-Transfer-Encoding: 8bit\r\nContent-ID: ${id}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
}

function contentId(address: string): string {
  return address.replace(/^sips?:/i, '');
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '');
}
