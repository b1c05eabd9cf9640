import type { Edge } from '../domain/edge.js';
import { besideConfig } from './fileChecks.js';
import { xmppService } from './formats.js';
import type { CheckedFile } from './schema.js';
import type {
  AvEdgeSettings,
  PersistentChatSettings,
  PresenceSettings,
  RelayCredentials,
  SipFederationSettings,
  TransactionName,
  TransactionSettings,
  TransactionSettingsByName,
  XmppFederationSettings,
  XmppUser,
} from './settings.js';

/** What a run of presence has room for without a deadline of its own, and what it needs beside the notification, milliseconds. */
const usualNotifyMs = 25_000;
const signInMs = 20_000;

type Inputs = CheckedFile['edges'][number]['transactions'];
type Input<Name extends TransactionName> = NonNullable<Inputs[Name]>;

/** What the status calls a transaction that has no title of its own. */
const titles: Readonly<Record<TransactionName, string>> = {
  registration: 'Registration',
  presence: 'Presence',
  im: 'Instant messaging',
  'xmpp-im': 'XMPP messaging',
  'persistent-chat': 'Persistent chat',
  'push-notification': 'Push notification',
  'av-edge': 'A/V Edge',
  'sip-federation': 'SIP federation',
  'xmpp-federation': 'XMPP federation',
};

/** The transactions that an edge names, each with every default. */
export function toTransactions(inputs: Inputs, edge: Edge, configPath: string): Partial<TransactionSettingsByName> {
  const { registration, presence, im } = inputs;
  const message = inputs['xmpp-im'];
  const chat = inputs['persistent-chat'];
  const push = inputs['push-notification'];
  const relay = inputs['av-edge'];
  const sip = inputs['sip-federation'];
  const xmpp = inputs['xmpp-federation'];
  return {
    ...(registration && { registration: common('registration', registration) }),
    ...(presence && { presence: toPresence(presence) }),
    ...(im && { im: common('im', im) }),
    ...(message && { 'xmpp-im': { ...common('xmpp-im', message), receiver: toXmppUser(message.receiver) } }),
    ...(chat && { 'persistent-chat': toPersistentChat(chat) }),
    ...(push && { 'push-notification': { ...common('push-notification', push), uri: push.uri } }),
    ...(relay && { 'av-edge': toAvEdge(relay, edge) }),
    ...(sip && { 'sip-federation': toSipFederation(sip, configPath) }),
    ...(xmpp && { 'xmpp-federation': toXmppFederation(xmpp) }),
  };
}

function common(name: TransactionName, input: Input<'registration'>): TransactionSettings {
  return {
    title: input.title ?? titles[name],
    group: input.group,
    schedule: input.schedule,
    deadlineMs: input.deadlineMs,
    degradedAboveMs: input.degradedAboveMs,
  };
}

/** A notification that may take longer than usual needs a longer run around it, unless the file says how long that may be. */
function toPresence(input: Input<'presence'>): PresenceSettings {
  const { notifyTimeoutMs, deadlineMs } = input;
  const settings = common('presence', input);
  const longer = notifyTimeoutMs > usualNotifyMs ? notifyTimeoutMs + signInMs : undefined;
  return { ...settings, deadlineMs: deadlineMs ?? longer, notifyTimeoutMs };
}

/** One of the two addresses may be left out: it is then the other in its own spelling. */
function toXmppUser({ jid, sipAddress, password, service }: Input<'xmpp-im'>['receiver']): XmppUser {
  const bareJid = jid ?? (sipAddress ?? '').replace(/^sip:/i, '');
  return {
    jid: bareJid,
    sipAddress: sipAddress ?? `sip:${bareJid}`,
    password,
    service: service === undefined ? undefined : xmppService(service),
  };
}

function toPersistentChat(input: Input<'persistent-chat'>): PersistentChatSettings {
  const { room, create = false, first, second } = input;
  const users = first && second && { first: toXmppUser(first), second: toXmppUser(second) };
  return { ...common('persistent-chat', input), room, create, users };
}

function toAvEdge(input: Input<'av-edge'>, edge: Edge): AvEdgeSettings {
  // RFC 8656 section 4: 3478 over UDP and TCP. A Lync Edge names its own ports when it gives credentials.
  const usual = edge.dialect === 'rfc' ? 3478 : undefined;
  return {
    ...common('av-edge', input),
    host: input.host ?? (edge.dialect === 'rfc' ? edge.accessEdge?.host : undefined),
    udpPort: input.udpPort ?? usual,
    tcpPort: input.tcpPort ?? usual,
    tlsPort: input.tlsPort,
    credentials: toRelayCredentials(input),
    packets: input.packets,
  };
}

function toRelayCredentials({ userName, password, sharedSecret }: Input<'av-edge'>): RelayCredentials | undefined {
  if (sharedSecret !== undefined) return { kind: 'shared-secret', userName, sharedSecret };
  return userName !== undefined && password !== undefined ? { kind: 'password', userName, password } : undefined;
}

function toSipFederation(input: Input<'sip-federation'>, configPath: string): SipFederationSettings {
  const files = input.clientCertificate;
  return {
    ...common('sip-federation', input),
    partners: input.partners,
    clientCertificate: files && {
      certFile: besideConfig(configPath, files.certFile),
      keyFile: besideConfig(configPath, files.keyFile),
    },
  };
}

function toXmppFederation(input: Input<'xmpp-federation'>): XmppFederationSettings {
  const standby = input.expectStandby ?? [];
  return {
    ...common('xmpp-federation', input),
    expectActive: input.expectActive,
    expectStandby: typeof standby === 'string' ? [standby] : standby,
    port: input.port,
  };
}
