import { ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import type { PlannedRequest } from '../sip/requests.js';
import type { XmlElement } from '../sip/xml.js';
import { diagnoseLync } from './diagnostics/diagnoseLync.js';
import type { LyncUserAgent } from './lyncUserAgent.js';
import { childrenOf, type DocumentFlaw, readDocument } from './presence/document.js';

const contentType = 'application/vnd-microsoft-roaming-provisioning-v2+xml';
const namespace = 'http://schemas.microsoft.com/2006/09/sip/provisioninggrouplist';

/** The SUBSCRIBE that asks once for a group of settings, with the answer in its 200 (MS-SIPREGE, in-band provisioning). */
export function provisioningRequest(sipAddress: string, group: string): PlannedRequest {
  const groups = `<provisioningGroup name="${group}"/>`;
  return {
    method: 'SUBSCRIBE',
    uri: sipAddress,
    headers: [
      'Event: vnd-microsoft-provisioning-v2',
      `Accept: ${contentType}`,
      'Supported: com.microsoft.autoextend',
      'Supported: ms-benotify',
      'Proxy-Require: ms-benotify',
      'Supported: ms-piggyback-first-notify',
      'Expires: 0',
    ],
    body: { contentType, content: `<provisioningGroupList xmlns="${namespace}">${groups}</provisioningGroupList>` },
  };
}

/** Asks, and gives the document of the answer. Throws a `ProbeError` when it is refused. */
export async function askForSettings(
  user: Pick<LyncUserAgent, 'peer' | 'request'>,
  request: PlannedRequest,
  scope: Scope,
): Promise<string> {
  const answer = await user.request(request, scope);
  const found = diagnoseLync('SUBSCRIBE to vnd-microsoft-provisioning-v2', user.peer, answer);
  if (found) throw new ProbeError(found);
  return answer.kind === 'response' ? answer.message.body : '';
}

/** What a front end told: the group, no word about it, or what is wrong with the document. */
export type ProvisionedGroup =
  | { readonly kind: 'group'; readonly group: XmlElement }
  | { readonly kind: 'silent' }
  | DocumentFlaw;

/** Finds a group of settings in what was answered. Never throws. */
export function readProvisionedGroup(document: string, name: string): ProvisionedGroup {
  const reading = readDocument(document, ['provisionGroupList']);
  if (reading.kind !== 'element') return reading;
  const group = childrenOf(reading.root, 'provisionGroup').find(({ attributes }) => attributes.name === name);
  return group ? { kind: 'group', group } : { kind: 'silent' };
}

/** A setting as text: of `<property name="…">` or of the element of that name, at whatever depth; empty where there is none. */
export function settingOf(parent: XmlElement, name: string): string {
  for (const child of parent.children) {
    if (child.name === name || (child.name === 'property' && child.attributes.name === name)) return child.text.trim();
    const below = settingOf(child, name);
    if (below !== '') return below;
  }
  return '';
}
