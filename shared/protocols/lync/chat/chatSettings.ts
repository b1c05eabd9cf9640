import { fail } from '../../../domain/diagnosis.js';
import type { PlannedRequest } from '../../sip/requests.js';
import type { DocumentFlaw } from '../presence/document.js';
import { provisioningRequest, readProvisionedGroup, settingOf } from '../provisioning.js';

/** What the front end tells a client about Persistent Chat. */
export type ChatSettings =
  | { readonly kind: 'enabled'; readonly poolUri: string }
  | { readonly kind: 'not-enabled' }
  | { readonly kind: 'no-pool' }
  /** There is no word about it. */
  | { readonly kind: 'silent' }
  | DocumentFlaw;

const group = 'persistentChatConfiguration';

/** The SUBSCRIBE that asks for it. */
export function settingsRequest(sipAddress: string): PlannedRequest {
  return provisioningRequest(sipAddress, group);
}

/** Reads what was answered. Servers write the values as properties or as elements, in any case of letters. */
export function readChatSettings(document: string): ChatSettings {
  const found = readProvisionedGroup(document, group);
  if (found.kind !== 'group') return found;
  if (!/^(?:true|1)$/i.test(settingOf(found.group, 'EnablePersistentChat'))) return { kind: 'not-enabled' };
  const uri = settingOf(found.group, 'DefaultPersistentChatPoolUri');
  const poolUri = /^sip:/i.test(uri) ? uri : `sip:${uri}`;
  return /^sip:[^\s<>"@]{1,128}@[a-z0-9.-]{1,255}$/i.test(poolUri) ? { kind: 'enabled', poolUri } : { kind: 'no-pool' };
}

/** The address of the service; throws a `ProbeError` that says why there is none for this user. */
export function requirePool(settings: ChatSettings, sipAddress: string, peer: string): string {
  switch (settings.kind) {
    case 'enabled':
      return settings.poolUri;
    case 'not-enabled':
      return fail('CHAT_NOT_ENABLED', { error: `${peer} tells ${sipAddress} that EnablePersistentChat is not true` });
    case 'no-pool':
      return fail('CHAT_POOL_MISSING', {
        error: `${peer} tells ${sipAddress} that EnablePersistentChat is true, but not a DefaultPersistentChatPoolUri`,
      });
    case 'silent':
      return fail('CHAT_NOT_DEPLOYED', { error: `${peer} told ${sipAddress} no group persistentChatConfiguration` });
    case 'document-type':
      return fail('CHAT_DOCUMENT_FORBIDDEN', { error: `the settings that ${peer} sent declare a document type` });
    case 'too-large':
      return fail('CHAT_DOCUMENT_TOO_LARGE', { error: `the settings that ${peer} sent are larger than any are` });
    case 'unreadable':
      return fail('CHAT_SETTINGS_UNREADABLE', {
        error: `the settings that ${peer} sent cannot be read: ${settings.what}`,
      });
  }
}
