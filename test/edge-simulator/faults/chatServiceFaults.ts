import { answerTo } from '../sip/answer.js';
import { isInvitation, isSettings, messages, onChat, restOf, sessionGrant } from './chatChanges.js';
import type { Fault } from './fault.js';
import { following } from './requestChanges.js';

const source = 'source="fe01.contoso.test"';

/** The invitation to a session with the chat service is refused. */
function refused(name: string, status: number, reasonPhrase: string, diagnostics: string): Fault {
  return {
    name,
    description: `lync: INVITE to the chat service is answered ${status} ${reasonPhrase} with ms-diagnostics ${diagnostics.split(';')[0]}`,
    instead: (exchange) =>
      isInvitation(exchange)
        ? answerTo(exchange.request, exchange.source, status, reasonPhrase, [
            { name: 'ms-diagnostics', value: `${diagnostics};${source}` },
          ])
        : undefined,
  };
}

/** What users are told of the chat service differs. */
function settings(name: string, description: string, change: (body: string) => string): Fault {
  return {
    name,
    description: `lync: ${description}`,
    change: (answer, exchange) =>
      isSettings(exchange, answer) ? { ...answer, body: change(answer.body ?? '') } : answer,
  };
}

/** What is wrong with the answers of the front end about the chat service, and with its sessions. */
export const chatServiceFaults: readonly Fault[] = [
  settings('chat-disabled', 'users are told that they may not use chat rooms (EnablePersistentChat false)', (text) =>
    text.replace(/(EnablePersistentChat">)true/, '$1false'),
  ),
  settings('chat-no-pool', 'users are told that they may use chat rooms, but not where they are', (text) =>
    text.replace(/<property name="DefaultPersistentChatPoolUri">[^<]*<\/property>/, ''),
  ),
  settings('chat-not-told', 'users are told nothing about chat rooms', (text) =>
    text.replace(/<provisionGroup name="persistentChatConfiguration">.*?<\/provisionGroup>/s, ''),
  ),
  settings('chat-settings-half', 'the settings of users are cut off in the middle', (text) =>
    text.slice(0, text.length / 2),
  ),
  refused('chat-404', 404, 'Not Found', '1003;reason="User does not exist"'),
  refused('chat-480', 480, 'Temporarily Unavailable', '15000;reason="No registered endpoint"'),
  refused('chat-503', 503, 'Service Unavailable', '20000;reason="Chat service busy"'),
  refused('chat-504', 504, 'Server time-out', '1038;reason="Failed to connect to a peer server"'),
  refused('chat-not-provisioned', 403, 'Forbidden', '20010;reason="Rejected session (principal not provisioned)"'),
  refused('chat-too-many-sessions', 486, 'Busy Here', '20009;reason="Rejected session (no more endpoints allowed)"'),
  {
    name: 'chat-invite-silent',
    description: 'lync: INVITE to the chat service is never answered',
    deliver: (actions, { exchange }) => (isInvitation(exchange) ? [] : actions),
  },
  {
    name: 'chat-481',
    description: 'lync: the chat service does not know its sessions any more: INFO is answered 481',
    instead: ({ request, source: from }) =>
      request.method === 'INFO' ? answerTo(request, from, 481, 'Call Leg/Transaction Does Not Exist') : undefined,
  },
  {
    name: 'chat-bye-silent',
    description: 'lync: the chat service does not answer BYE',
    deliver: (actions, { exchange }) => (onChat(exchange) && exchange.request.method === 'BYE' ? [] : actions),
  },
];

/** What is wrong with the timer of sessions. */
export const chatTimerFaults: readonly Fault[] = [
  {
    ...messages(
      'chat-brief',
      'sessions with the chat service last 1 s unless they are refreshed, and messages are 1.5 s late',
      (one) => [one],
    ),
    change: sessionGrant('1;refresher=uac'),
    send: (actions, { outgoing }) =>
      outgoing.occasion === 'chat-message' ? [{ kind: 'wait', ms: 1_500 }, ...actions] : actions,
  },
  {
    ...messages(
      'chat-refreshed',
      'the chat service refreshes its sessions of 2 s itself, before a message that is 2.5 s late',
      (one) => [{ ...restOf(one, 'UPDATE'), occasion: 'chat-end' }, following(one)],
    ),
    change: sessionGrant('2;refresher=uas'),
    send: (actions, { outgoing }) => {
      if (outgoing.occasion === 'chat-end') return [{ kind: 'wait', ms: 1_000 }, ...actions];
      return outgoing.occasion === 'chat-message' ? [{ kind: 'wait', ms: 1_500 }, ...actions] : actions;
    },
  },
  {
    ...messages(
      'chat-refresh-481',
      'sessions with the chat service last 1 s, UPDATE is answered 481, and no message arrives',
      () => [],
    ),
    change: sessionGrant('1;refresher=uac'),
    instead: ({ request, source: from }) =>
      request.method === 'UPDATE' ? answerTo(request, from, 481, 'Call Leg/Transaction Does Not Exist') : undefined,
  },
  {
    ...messages(
      'chat-refresh-silent',
      'sessions with the chat service last 1 s, UPDATE is never answered, and no message arrives',
      () => [],
    ),
    change: sessionGrant('1;refresher=uac'),
    deliver: (actions, { exchange }) => (exchange.request.method === 'UPDATE' ? [] : actions),
  },
  {
    ...messages(
      'chat-refresh-missed',
      'the chat service promises to refresh its sessions of 1 s and does not, and no message arrives',
      () => [],
    ),
    change: sessionGrant('1;refresher=uas'),
  },
];
