import { describe, expect, test } from 'vitest';
import { diagnosis, ProbeError } from '../../../../../shared/domain/diagnosis.js';
import { PresenceWatch } from '../../../../../shared/protocols/lync/presence/watch.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakePresenceLine, responseWith, type Script } from '../../../../fakes/fakePresenceLine.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { categories, multipart, resourceList } from './samples.js';

const kenmyer = 'sip:kenmyer@contoso.com';
const note = { entity: kenmyer, text: 'Edge Probes 42' };
const categoriesType = 'application/msrtc-event-categories+xml';
const dialog = ['To: <sip:x@contoso.com>;tag=server', 'Contact: <sip:fe01.contoso.com;transport=tls>'];
const notified = (type: string) => ['Subscription-State: active;expires=600', `Content-Type: ${type}`];
const instanceOf = (attributes: string) =>
  `<list><resource uri="${kenmyer}"><instance id="0" ${attributes}/></resource></list>`;

/** The categories of the publisher with another note. */
const before = categories.replace('Probes 42', 'Probes 41');
const shown = responseWith(categoriesType, before, ...dialog);

async function told(ending: Promise<void>): Promise<string> {
  try {
    await ending;
    return 'done';
  } catch (error) {
    if (error instanceof ProbeError) return error.message;
    throw error;
  }
}

/** Subscribes and, where that went well, waits for the note; what each came to. */
async function watched(script: Script, then?: (line: FakePresenceLine) => void, batches = true) {
  const line = new FakePresenceLine(script);
  const watch = new PresenceWatch(line, kenmyer, batches);
  const scope = new FakeScope();
  setImmediate(() => scope.expire(25_000));
  const first = await told(watch.subscribe(scope));
  if (first !== 'done') return { line, watch, first };
  const later = new FakeScope();
  const ending = told(watch.awaitNote(note, later));
  setImmediate(() => {
    then?.(line);
    setImmediate(() => later.expire(25_000));
  });
  return { line, watch, first, came: await ending };
}

describe('a subscription to the presence of a contact', () => {
  test('goes to oneself in a batch, and its end in the dialog that the answer made', async () => {
    const { line, watch, first } = await watched(() =>
      responseWith(
        categoriesType,
        before,
        ...dialog,
        'Record-Route: <sip:a;lr>,<sip:b;lr>;x=1',
        'Record-Route: <sip:c;lr>',
      ),
    );

    await watch.end(new FakeScope());

    expect(first).toBe('done');
    expect(line.asked.map(({ method, uri, to }) => `${method} ${uri} ${to}`)).toEqual([
      'SUBSCRIBE sip:pilar@contoso.com <sip:pilar@contoso.com>',
      'SUBSCRIBE sip:fe01.contoso.com;transport=tls <sip:x@contoso.com>;tag=server',
    ]);
    expect(line.asked[0]?.headers).toEqual([
      'Contact: <sip:pilar@contoso.com;opaque=user:epid:x;gruu>',
      'Event: presence',
      'Supported: ms-benotify',
      'Supported: ms-piggyback-first-notify',
      'Require: adhoclist, categoryList',
      'Supported: eventlist',
      'Accept: application/msrtc-event-categories+xml, application/rlmi+xml, multipart/related, application/pidf+xml',
      'Proxy-Require: ms-benotify',
    ]);
    expect(line.asked[1]?.headers).toEqual([
      'Route: <sip:c;lr>',
      'Route: <sip:b;lr>;x=1',
      'Route: <sip:a;lr>',
      'Contact: <sip:pilar@contoso.com;opaque=user:epid:x;gruu>',
      'Event: presence',
      'Expires: 0',
    ]);
    expect(watch.alive).toBe(false);
  });

  test('goes to the contact itself where the server takes no batches', async () => {
    const { line } = await watched(() => shown, undefined, false);

    expect(line.asked.map(({ uri, to }) => `${uri} ${to}`)).toEqual([`${kenmyer} <${kenmyer}>`]);
    expect(line.asked[0]?.headers.join()).not.toContain('adhoclist');
  });

  test.each([
    ['poolFqdn="pool02.contoso.com"', 'sip:pool02.contoso.com'],
    ['poolFqdn="a b&gt;;x"', kenmyer],
    ['', kenmyer],
  ])('is made anew when the server says resubscribe %s', async (pool, uri) => {
    const { line, first, watch } = await watched(({ callId }) =>
      callId === 'call1'
        ? responseWith('application/rlmi+xml', instanceOf(`state="resubscribe" ${pool}`), ...dialog)
        : shown,
    );

    await watch.end(new FakeScope());

    expect(first).toBe('done');
    expect(line.asked.map((asked) => asked.uri)).toEqual([
      'sip:pilar@contoso.com',
      uri,
      'sip:fe01.contoso.com;transport=tls',
      'sip:fe01.contoso.com;transport=tls',
    ]);
  });

  test('ends when the server never stops to say resubscribe', async () => {
    const { first, line } = await watched(() =>
      responseWith('application/rlmi+xml', instanceOf('state="resubscribe" poolFqdn="pool02.contoso.com"'), ...dialog),
    );

    expect(line.asked).toHaveLength(3);
    expect(first).toBe(
      'PRESENCE_CONTACT_HIDDEN: sip.contoso.com at 192.0.2.10:443 lists sip:kenmyer@contoso.com as resubscribe (again and again): nothing of it is shown',
    );
  });

  test('is confirmed by a NOTIFY or a BENOTIFY', async () => {
    const { first, line } = await watched(({ callId }, server) => {
      server.notify(callId, 'BENOTIFY', notified('application/pidf+xml'), '<presence');
      server.notify(callId, 'NOTIFY', notified(multipart.contentType), multipart.body);
      return response(200, 'OK', ...dialog);
    });

    expect(first).toBe('done');
    expect(line.replies).toEqual(['BENOTIFY 200', 'NOTIFY 200']);
  });

  test.each([
    [
      response(403, 'Forbidden', 'ms-diagnostics: 2004;reason="no";source="fe01.contoso.com"'),
      'PRESENCE_WATCHER_REFUSED: 403, Forbidden: answer of sip.contoso.com at 192.0.2.10:443 to SUBSCRIBE to presence, expected 200',
    ],
    [
      response(404, 'Not Found', 'ms-diagnostics: 4005;reason="no";source="fe01.contoso.com"'),
      'SIP_USER_NOT_FOUND: 404, Not Found: answer of sip.contoso.com at 192.0.2.10:443 to SUBSCRIBE to presence, expected 200',
    ],
    [
      response(200, 'OK', ...dialog),
      'PRESENCE_FIRST_NOTIFY_TIMEOUT: sip.contoso.com at 192.0.2.10:443 accepted SUBSCRIBE, but sent no NOTIFY to confirm it within 25000 ms',
    ],
    [
      responseWith('application/rlmi+xml', `<list><resource uri="${kenmyer}"/></list>`, ...dialog),
      'PRESENCE_CONTACT_HIDDEN: sip.contoso.com at 192.0.2.10:443 lists sip:kenmyer@contoso.com without an instance: nothing of it is shown',
    ],
    [
      responseWith('application/rlmi+xml', instanceOf('state="terminated" reason="rejected"'), ...dialog),
      'PRESENCE_CONTACT_HIDDEN: sip.contoso.com at 192.0.2.10:443 lists sip:kenmyer@contoso.com as terminated (rejected): nothing of it is shown',
    ],
    [
      responseWith(categoriesType, before.replace(kenmyer, 'sip:x@y'), ...dialog),
      'PRESENCE_PRESENTITY_WRONG: sip.contoso.com at 192.0.2.10:443 sent the presence of sip:x@y, expected that of sip:kenmyer@contoso.com',
    ],
    [
      responseWith('text/xml+msrtc.pidf', '<presentity/>', ...dialog),
      'PRESENCE_FORMAT_UNEXPECTED: sip.contoso.com at 192.0.2.10:443 sent a presence document of type text/xml+msrtc.pidf, expected application/msrtc-event-categories+xml',
    ],
  ])('fails with what the server said: %#', async (answer, expected) => {
    const { first } = await watched(() => answer);

    expect(first).toBe(expected);
  });
});

describe('the published note', () => {
  test.each([
    ['alone', [categories]],
    ['after an older one', [before, categories]],
    ['after an empty document', ['', categories]],
    ['after one about somebody else', [before.replace(kenmyer, 'sip:x@y'), categories]],
    ['after one that cannot be read', ['<categories', categories]],
  ])('counts when it comes %s', async (_, bodies) => {
    const { came } = await watched(
      () => shown,
      (line) => {
        for (const body of bodies) line.notify('call1', 'BENOTIFY', notified(categoriesType), body);
      },
    );

    expect(came).toBe('done');
  });

  test.each([
    ['nothing', [], 'PRESENCE_NOTIFY_TIMEOUT: Presence notification is not received within 25 secs.'],
    [
      'an empty notification',
      [''],
      'PRESENCE_VALUE_MISSING: 1 presence notification within 25000 ms, none with the published value',
    ],
    [
      'another note',
      [before],
      'PRESENCE_VALUE_MISSING: 1 presence notification within 25000 ms, none with the published value',
    ],
    [
      'the note of somebody else',
      [categories.replace(kenmyer, 'sip:x@y')],
      'PRESENCE_PRESENTITY_WRONG: sip.contoso.com at 192.0.2.10:443 sent the presence of sip:x@y, expected that of sip:kenmyer@contoso.com',
    ],
    [
      'entities',
      [`<!DOCTYPE a [<!ENTITY b "c">]>${categories}`],
      'PRESENCE_DOCUMENT_FORBIDDEN: sip.contoso.com at 192.0.2.10:443 sent a presence document with a document type declaration, which was not read',
    ],
    [
      'half a document',
      [categories.slice(0, 200)],
      'PRESENCE_DOCUMENT_UNREADABLE: sip.contoso.com at 192.0.2.10:443 sent a presence document that cannot be read: XML that is not well-formed (',
    ],
    [
      '64 KiB and more',
      [categories.padEnd(65_537)],
      'PRESENCE_DOCUMENT_TOO_LARGE: sip.contoso.com at 192.0.2.10:443 sent a presence document of more than 64 KiB, which was not read',
    ],
  ])('is missing when %s comes', async (_, bodies, expected) => {
    const { came } = await watched(
      () => shown,
      (line) => {
        for (const body of bodies) line.notify('call1', 'BENOTIFY', notified(categoriesType), body);
      },
    );

    expect(came).toContain(expected);
  });

  test('is missing when the contact is hidden meanwhile', async () => {
    const { came } = await watched(
      () => shown,
      (line) =>
        line.notify(
          'call1',
          'BENOTIFY',
          notified('application/rlmi+xml'),
          resourceList.replace('state="active"', 'state="terminated"'),
        ),
    );

    expect(came).toBe(
      'PRESENCE_CONTACT_HIDDEN: sip.contoso.com at 192.0.2.10:443 lists sip:kenmyer@contoso.com as terminated: nothing of it is shown',
    );
  });

  test.each([
    [
      ['ms-diagnostics-public: 2139;reason="Subscription terminated"'],
      'PRESENCE_SUBSCRIPTION_REPLACED: sip.contoso.com at 192.0.2.10:443 ended the subscription: a newer one of the same account took its place',
    ],
    [
      [],
      'PRESENCE_SUBSCRIPTION_ENDED: sip.contoso.com at 192.0.2.10:443 ended the subscription with the reason "deactivated"',
    ],
  ])('is missing when the server ends the subscription %j', async (headers, expected) => {
    const { came, watch } = await watched(
      () => shown,
      (line) =>
        line.notify('call1', 'BENOTIFY', ['Subscription-State: terminated;expires=0;reason=deactivated', ...headers]),
    );

    expect(came).toBe(expected);
    expect(watch.alive).toBe(false);
  });

  test('is missing when what comes belongs to no subscription; that is refused', async () => {
    const { came, line } = await watched(
      () => shown,
      (server) => {
        server.notify('call1', 'INFO', []);
        server.notify('call1', 'NOTIFY', notified(categoriesType), categories, 'another');
        server.notify('call1', 'BENOTIFY', notified(categoriesType), categories, 'another');
      },
    );

    expect(line.replies).toEqual(['INFO 481', 'NOTIFY 481', 'BENOTIFY 481']);
    expect(came).toBe(
      'PRESENCE_NOTIFY_UNMATCHED: 3 NOTIFY requests within 25000 ms, none of the subscription that was asked for',
    );
  });

  test('is missing when it comes in a notification that is older than the last one', async () => {
    const { came, line } = await watched(
      () => shown,
      (server) => {
        server.notify('call1', 'NOTIFY', ['CSeq: 9 NOTIFY', ...notified(categoriesType)], before);
        server.notify('call1', 'NOTIFY', ['CSeq: 8 NOTIFY', ...notified(categoriesType)], categories);
      },
    );

    expect(line.replies).toEqual(['NOTIFY 200', 'NOTIFY 500']);
    expect(came).toContain('PRESENCE_VALUE_MISSING: 1 presence notification within 25000 ms');
  });

  test('is missing when the connection ends', async () => {
    const { came, watch } = await watched(
      () => shown,
      (line) => line.end(),
    );

    expect(came).toBe(
      'PRESENCE_CONNECTION_LOST: sip.contoso.com at 192.0.2.10:443 closed the connection while a presence notification was awaited',
    );
    expect(watch.alive).toBe(false);
  });

  test('is not waited for when a message came before that must not be believed', async () => {
    const line = new FakePresenceLine(() => shown);
    const watch = new PresenceWatch(line, kenmyer, true);
    await watch.subscribe(new FakeScope());
    line.distrusted = diagnosis('AUTH_SIGNATURE_WRONG', { error: 'the signature of the request BENOTIFY is wrong' });

    const came = await told(watch.awaitNote(note, new FakeScope()));

    expect(came).toBe('AUTH_SIGNATURE_WRONG: the signature of the request BENOTIFY is wrong');
  });
});
