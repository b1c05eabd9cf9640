import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../../../shared/domain/diagnosis.js';
import { type LyncPresence, openLyncPresence } from '../../../../../shared/protocols/lync/presence/lyncPresence.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakePresenceLine, responseWith, type Script } from '../../../../fakes/fakePresenceLine.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { roamingData, wrongDelta } from './samples.js';

const roamingType = 'application/vnd-microsoft-roaming-self+xml';
const dialog = ['To: <sip:x@contoso.com>;tag=server', 'Contact: <sip:fe01.contoso.com;transport=tls>'];
const own = responseWith(roamingType, roamingData, ...dialog);
const ok = response(200, 'OK');

function conflict(body: string) {
  const answer = response(409, 'Conflict');
  return answer.kind === 'response' ? { ...answer, message: { ...answer.message, body } } : answer;
}

function opened(script: Script): { line: FakePresenceLine; presence: LyncPresence } {
  const line = new FakePresenceLine(script);
  return { line, presence: openLyncPresence(line, true) };
}

async function told(ending: Promise<void>): Promise<string> {
  try {
    await ending;
    return 'done';
  } catch (error) {
    if (error instanceof ProbeError) return error.message;
    throw error;
  }
}

/** The versions that each SERVICE named, `200:4 300:0 400:0`. */
function versionsOf({ asked }: FakePresenceLine): string[] {
  return asked
    .filter(({ method }) => method === 'SERVICE')
    .map(({ body }) => [...(body?.content ?? '').matchAll(/container="(\d+)" version="(\d+)"/g)])
    .map((matches) => matches.map(([, container, version]) => `${container}:${version}`).join(' '));
}

describe("a user's subscription to its own data", () => {
  test('tells the versions with which a note is published and removed', async () => {
    const { line, presence } = opened(({ method }) => (method === 'SUBSCRIBE' ? own : ok));
    const self = presence.openSelfSubscription();
    const note = presence.openNote();

    await self.begin(new FakeScope());
    await note.publish('Edge Probes 42', new FakeScope());
    const published = note.mayBePublished;
    await note.remove(new FakeScope());
    await self.end(new FakeScope());

    expect(versionsOf(line)).toEqual(['200:4 300:0 400:0', '200:5 300:1 400:1']);
    expect([published, note.mayBePublished, self.alive]).toEqual([true, false, false]);
    expect(line.asked.map(({ method, uri }) => `${method} ${uri}`)).toEqual([
      'SUBSCRIBE sip:pilar@contoso.com',
      'SERVICE sip:pilar@contoso.com',
      'SERVICE sip:pilar@contoso.com',
      'SUBSCRIBE sip:fe01.contoso.com;transport=tls',
    ]);
  });

  test('may come after the answer, and again when something changes', async () => {
    const { line, presence } = opened(({ method, callId }, server) => {
      if (method === 'SUBSCRIBE') {
        server.notify(callId, 'NOTIFY', ['Subscription-State: active']);
        server.notify(callId, 'NOTIFY', ['Subscription-State: active', `Content-Type: ${roamingType}`], roamingData);
      }
      return ok;
    });
    const self = presence.openSelfSubscription();

    await self.begin(new FakeScope());
    const changed = roamingData.replace('version="4"', 'version="9"');
    line.notify('call1', 'BENOTIFY', ['Subscription-State: active', `Content-Type: ${roamingType}`], changed);
    line.notify('call1', 'BENOTIFY', ['Subscription-State: active', 'Content-Type: text/plain'], 'version 10');
    await self.catchUp(new FakeScope());
    await presence.openNote().publish('x', new FakeScope());

    expect(versionsOf(line)).toEqual(['200:9 300:0 400:0']);
  });

  test.each([
    [
      response(403, 'Forbidden'),
      'PRESENCE_WATCHER_REFUSED: 403, Forbidden: answer of sip.contoso.com at 192.0.2.10:443 to SUBSCRIBE to vnd-microsoft-roaming-self, expected 200',
    ],
    [
      response(489, 'Bad Event'),
      'PRESENCE_EVENT_UNSUPPORTED: 489, Bad Event: answer of sip.contoso.com at 192.0.2.10:443 to SUBSCRIBE to vnd-microsoft-roaming-self, expected 200',
    ],
    [
      response(200, 'OK', ...dialog),
      'PRESENCE_FIRST_NOTIFY_TIMEOUT: sip.contoso.com at 192.0.2.10:443 accepted SUBSCRIBE, but sent no NOTIFY to confirm it within 10000 ms',
    ],
    [
      responseWith(roamingType, '<roamingData>', ...dialog),
      "PRESENCE_DOCUMENT_UNREADABLE: sip.contoso.com at 192.0.2.10:443 sent the account's own presence data, which cannot be read: XML that is not well-formed (1:13: unclosed tag: roamingData)",
    ],
    [
      responseWith(roamingType, `<!DOCTYPE a>${roamingData}`, ...dialog),
      "PRESENCE_DOCUMENT_FORBIDDEN: sip.contoso.com at 192.0.2.10:443 sent the account's own presence data with a document type declaration, which was not read",
    ],
    [
      responseWith(roamingType, roamingData.padEnd(262_145), ...dialog),
      "PRESENCE_DOCUMENT_TOO_LARGE: sip.contoso.com at 192.0.2.10:443 sent the account's own presence data of more than 256 KiB, which was not read",
    ],
  ])('fails with what the server said: %#', async (answer, expected) => {
    const scope = new FakeScope();
    setImmediate(() => scope.expire(10_000));

    const came = await told(
      opened(() => answer)
        .presence.openSelfSubscription()
        .begin(scope),
    );

    expect(came).toBe(expected);
  });

  test('fails when a notification ends it at once', async () => {
    const { presence } = opened(({ callId }, server) => {
      server.notify(callId, 'BENOTIFY', [
        'Subscription-State: terminated;expires=0',
        'ms-diagnostics-public: 2139;reason="x"',
      ]);
      return ok;
    });

    expect(await told(presence.openSelfSubscription().begin(new FakeScope()))).toBe(
      'PRESENCE_SUBSCRIPTION_REPLACED: sip.contoso.com at 192.0.2.10:443 ended the subscription: a newer one of the same account took its place',
    );
  });
});

describe('a note', () => {
  test('whose versions are wrong is published once more with those of the server', async () => {
    const { line, presence } = opened((_, { asked }) => (asked.length === 1 ? conflict(wrongDelta) : ok));

    await presence.openNote().publish('x', new FakeScope());

    expect(versionsOf(line)).toEqual(['200:0 300:0 400:0', '200:8 300:0 400:2']);
  });

  test('takes the versions of the answer for its removal', async () => {
    const { line, presence } = opened(() => responseWith(roamingType, roamingData));
    const note = presence.openNote();

    await note.publish('x', new FakeScope());
    await note.remove(new FakeScope());

    expect(versionsOf(line)).toEqual(['200:0 300:0 400:0', '200:4 300:1 400:1']);
  });

  test.each([
    [conflict(wrongDelta), 2, 'PRESENCE_VERSION_CONFLICT: 409, Conflict'],
    [conflict(''), 1, 'PRESENCE_VERSION_CONFLICT: 409, Conflict'],
    [response(403, 'Forbidden'), 1, 'PRESENCE_CATEGORY_REFUSED: 403, Forbidden'],
    [response(404, 'Not Found'), 1, 'SIP_USER_NOT_FOUND: 404, Not Found'],
    [response(503, 'Service Unavailable'), 1, 'SIP_SERVICE_UNAVAILABLE: 503, Service Unavailable'],
  ])('that is refused is not there: %#', async (answer, times, expected) => {
    const { line, presence } = opened(() => answer);
    const note = presence.openNote();

    const came = await told(note.publish('x', new FakeScope()));

    expect(came).toBe(`${expected}: answer of sip.contoso.com at 192.0.2.10:443 to SERVICE with a note, expected 200`);
    expect([line.asked.length, note.mayBePublished]).toEqual([times, false]);
  });

  test('whose answer does not come may be there', async () => {
    const { presence } = opened(() => ({ kind: 'timeout', limitMs: 10_000, pendingBytes: 0 }));
    const note = presence.openNote();

    const came = await told(note.publish('x', new FakeScope()));

    expect(came).toContain('SIP_ANSWER_TIMEOUT: no final answer from');
    expect(note.mayBePublished).toBe(true);
  });
});
