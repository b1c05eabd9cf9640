import { describe, expect, test } from 'vitest';
import { bodyIn, type Client, domain, fieldIn, Scene, statusIn } from './scene.js';

const piggyback = [
  'Supported: ms-piggyback-first-notify',
  'Supported: ms-benotify',
  'Supported: com.microsoft.autoextend',
];
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

interface Item {
  readonly category?: string;
  readonly instance?: number;
  readonly container?: number;
  readonly version?: number;
  readonly more?: string;
  readonly content?: string;
}

function publication(item: Item): string {
  const { category = 'note', instance = 0, container = 200, version = 0, more = '', content = '' } = item;
  return `<publication categoryName="${category}" instance="${instance}" container="${container}" version="${version}" expireType="static"${more}>${content}</publication>`;
}

function state(type: string, availability: number, instance: number, expireType = 'endpoint'): string {
  const content = `<state ${xsi} xsi:type="${type}"><availability>${availability}</availability></state>`;
  return [2, 3]
    .map((container) => publication({ category: 'state', instance, container, content }))
    .join('')
    .replaceAll('"static"', `"${expireType}"`);
}

const noteOf = (text: string, more: Item = {}) =>
  publication({ content: `<note><body type="personal">${text}</body></note>`, ...more });

function publish(client: Client, ...publications: readonly string[]): string {
  return client.request('SERVICE', {
    lines: ['Content-Type: application/msrtc-category-publish+xml'],
    body: `<publish><publications uri="${client.address}">${publications.join('')}</publications></publish>`,
  });
}

function batch(...addresses: readonly string[]): string {
  const resources = addresses.map((address) => `<resource uri="${address}"/>`).join('');
  return `<batchSub><action name="subscribe" id="1"><adhocList>${resources}</adhocList><categoryList><category name="note"/><category name="state"/></categoryList></action></batchSub>`;
}

function watch(client: Client, addresses = ['sip:kenmyer@contoso.test'], lines: readonly string[] = piggyback): string {
  const batched = ['Event: presence', 'Require: adhoclist, categoryList', ...lines];
  return client.request('SUBSCRIBE', { callId: 'watching', lines: batched, body: batch(...addresses) });
}

function selfSubscribe(client: Client, lines: readonly string[] = piggyback): string {
  const body = '<roamingList><roaming type="categories"/></roamingList>';
  return client.request('SUBSCRIBE', { lines: ['Event: vnd-microsoft-roaming-self', ...lines], body });
}

/** pilar, who watches kenmyer; both have signed in. */
function watched(lines: readonly string[] = piggyback) {
  const scene = new Scene();
  const [pilar, kenmyer] = [scene.client('pilar'), scene.client('kenmyer')];
  pilar.signIn();
  kenmyer.signIn();
  const answer = watch(pilar, undefined, lines);
  return { scene, pilar, kenmyer, answer };
}

const availabilityIn = (text: string) => /<availability>(\d+)/.exec(text)?.[1];
const operationsIn = (text: string) =>
  [...text.matchAll(/<operation index="(\d+)" curVersion="(\d+)"/g)].map(([, index, version]) => `${index}:${version}`);
const versionsIn = (text: string) =>
  [...text.matchAll(/name="(\w+)"[^>]* container="(\d+)" version="(\d+)"/g)].map((found) => found.slice(1).join(' '));

describe('what clients of the simulated front end are told in band', () => {
  const signedIn = () => {
    const pilar = new Scene().client('pilar');
    pilar.signIn();
    return pilar;
  };

  test('the contact list has everybody else', () => {
    const answer = signedIn().request('SUBSCRIBE', { lines: ['Event: vnd-microsoft-roaming-contacts', ...piggyback] });

    expect(fieldIn(answer, 'ms-piggyback-cseq')).toBe('1');
    expect(fieldIn(answer, 'Content-Type')).toBe('application/vnd-microsoft-roaming-contacts+xml');
    expect(bodyIn(answer)).toContain('<contact uri="kenmyer@contoso.test"');
    expect(bodyIn(answer)).not.toContain('pilar@');
  });

  test('the settings have the groups that were asked for and that there are', () => {
    const answer = signedIn().request('SUBSCRIBE', {
      lines: ['Event: vnd-microsoft-provisioning-v2', 'Expires: 0', ...piggyback],
      body: '<provisioningGroupList><provisioningGroup name="ServerConfiguration"/><provisioningGroup name="ucPolicy"/></provisioningGroupList>',
    });

    expect(fieldIn(answer, 'subscription-state')).toBe('terminated;expires=0');
    expect([...bodyIn(answer).matchAll(/provisionGroup name="(\w+)"/g)].map((found) => found[1])).toEqual([
      'ServerConfiguration',
    ]);
  });

  test('without the piggyback, the first notification comes by itself: as NOTIFY unless BENOTIFY was asked for', () => {
    const pilar = signedIn();

    const answer = selfSubscribe(pilar, []);
    const notify = pilar.inbox.shift() ?? '';

    expect(bodyIn(answer)).toBe('');
    expect(notify).toMatch(/^NOTIFY sip:127\.0\.0\.1:40001;transport=tls SIP/);
    expect(bodyIn(notify)).toContain('<con:member type="sameEnterprise"/>');
    expect(pilar.believes(notify)).toBe(true);
  });

  test('own data cannot be read by somebody else, and other packages there are none', () => {
    const pilar = signedIn();
    const lines = ['Event: vnd-microsoft-roaming-self'];

    const others = pilar.request('SUBSCRIBE', { uri: 'sip:kenmyer@contoso.test', lines });

    expect(statusIn(others)).toBe('403 Forbidden');
    expect(fieldIn(others, 'ms-diagnostics')).toMatch(/^2004;/);
    expect(statusIn(pilar.request('SUBSCRIBE', { lines: ['Event: dialog'] }))).toBe('489 Bad Event');
  });
});

describe('publications at the simulated front end', () => {
  test('are answered with their new versions, which the next publication must name', () => {
    const { kenmyer } = watched();

    const first = publish(kenmyer, noteOf('one'), noteOf('one', { container: 300 }));
    const refused = publish(kenmyer, noteOf('two', { version: 1 }), noteOf('two', { container: 300 }));
    const second = publish(kenmyer, noteOf('two', { version: 1 }));

    expect(versionsIn(bodyIn(first))).toEqual(['note 200 1', 'note 300 1']);
    expect(statusIn(refused)).toBe('409 Conflict');
    expect(fieldIn(refused, 'Content-Type')).toBe('application/msrtc-fault+xml');
    expect(operationsIn(bodyIn(refused))).toEqual(['2:1']);
    // Of a category in which something changed everything is told: clients put it in the place of what they had.
    expect(versionsIn(bodyIn(second)).toSorted()).toEqual(['note 200 2', 'note 300 1']);
  });

  test('count versions per container, so that adding one is not enough', () => {
    const { kenmyer } = watched();
    publish(kenmyer, state('machineState', 3500, 7), state('userState', 6500, 8));

    const again = publish(kenmyer, state('machineState', 3500, 7).replaceAll('version="0"', 'version="2"'));

    expect(operationsIn(bodyIn(again))).toEqual(['1:1', '2:1']);
  });

  test('are refused as a whole when they cannot be read, or are in the name of another', () => {
    const { pilar, kenmyer } = watched();

    const unreadable = publish(kenmyer, '<publication>');
    const container = publish(kenmyer, noteOf('x', { container: 5 }));
    const others = kenmyer.request('SERVICE', {
      lines: ['Content-Type: application/msrtc-category-publish+xml'],
      body: `<publish><publications uri="${pilar.address}">${noteOf('x')}</publications></publish>`,
    });
    const type = kenmyer.request('SERVICE', { lines: ['Content-Type: text/plain'], body: 'x' });

    expect([unreadable, container, others, type].map((answer) => fieldIn(answer, 'ms-diagnostics'))).toEqual([
      '4001;reason="XML does not parse";source="fe01.contoso.test"',
      '4001;reason="XML does not parse";source="fe01.contoso.test"',
      '2004;reason="Publisher is not authorized";source="fe01.contoso.test"',
      '4013;reason="Content-Type is not as expected";source="fe01.contoso.test"',
    ]);
  });

  test('are told to the publisher too, and what was removed is told as empty', () => {
    const { kenmyer } = watched();
    selfSubscribe(kenmyer);
    publish(kenmyer, noteOf('one'));
    const own = kenmyer.inbox.shift() ?? '';

    const removed = publish(kenmyer, publication({ version: 1, more: ' expires="0"' }));

    expect(own).toMatch(/^BENOTIFY /);
    expect(fieldIn(own, 'Event')).toBe('vnd-microsoft-roaming-self');
    expect(bodyIn(removed)).toContain('<cat:category name="note"/>');
  });

  test.each([
    ['endpoint', 'gone'],
    ['user', 'gone'],
    ['static', 'still there'],
  ])('with expireType %s are %s when their endpoint has signed out', (expireType, expected) => {
    const { scene, kenmyer } = watched();
    publish(kenmyer, noteOf('x').replace('"static"', `"${expireType}"`));

    scene.close(kenmyer.flow);

    expect(scene.state().publications).toHaveLength(expected === 'gone' ? 0 : 1);
  });

  test('with expireType time are gone after their seconds', () => {
    const { scene, pilar, kenmyer } = watched();
    publish(kenmyer, noteOf('x', { more: ' expires="60"' }).replace('"static"', '"time"'));
    pilar.inbox.splice(0);

    scene.pass(61_000);

    expect(scene.state().publications).toEqual([]);
    expect(bodyIn(pilar.inbox[0] ?? '')).toContain('<category name="note"/>');
  });
});

describe('subscriptions to presence at the simulated front end', () => {
  test('begin with what there is, and end in the list for whom there is nobody', () => {
    const scene = new Scene();
    const pilar = scene.client('pilar');
    pilar.signIn();

    const answer = watch(pilar, ['sip:kenmyer@contoso.test', 'sip:nobody@contoso.test', 'sip:x@fabrikam.test']);

    expect(statusIn(answer)).toBe('200 OK');
    expect(fieldIn(answer, 'Require')).toBe('eventlist');
    expect(bodyIn(answer)).toContain('<instance id="0" state="active" cid="kenmyer@contoso.test"/>');
    expect(bodyIn(answer)).toContain(
      '<resource uri="sip:nobody@contoso.test"><instance id="0" state="terminated" reason="noresource"/>',
    );
    expect(bodyIn(answer)).toContain('<resource uri="sip:x@fabrikam.test"><instance id="0" state="resubscribe"/>');
    expect(bodyIn(answer)).toContain('<category name="note"/>');
    expect(availabilityIn(bodyIn(answer))).toBe('18500');
  });

  test('are told each change once, signed, with a rising number', () => {
    const { pilar, kenmyer } = watched();

    publish(kenmyer, state('machineState', 3500, 7), noteOf('&lt;one&gt; &amp; only'));
    publish(kenmyer, noteOf('hidden', { container: 300 }));
    publish(kenmyer, noteOf('two', { version: 1 }));
    const [first = '', second = '', ...others] = pilar.inbox;

    expect(others).toEqual([]);
    expect(first).toMatch(/^BENOTIFY sip:127\.0\.0\.1:40001;transport=tls SIP/);
    expect(availabilityIn(first)).toBe('3500');
    expect(first).toContain('<body type="personal">&lt;one&gt; &amp; only</body>');
    expect(second).not.toContain('<availability>');
    expect([first, second].map((text) => fieldIn(text, 'CSeq'))).toEqual(['11 BENOTIFY', '21 BENOTIFY']);
    expect([first, second].map((text) => pilar.believes(text))).toEqual([true, true]);
  });

  test('to one user go to that user, and bring one document', () => {
    const { pilar, kenmyer } = watched();
    const uri = kenmyer.address;

    const answer = pilar.request('SUBSCRIBE', { uri, lines: ['Event: presence', ...piggyback], body: batch(uri) });
    const wrong = pilar.request('SUBSCRIBE', { uri, lines: ['Event: presence'], body: batch(pilar.address) });

    expect(fieldIn(answer, 'Content-Type')).toBe('application/msrtc-event-categories+xml');
    expect(bodyIn(answer)).toMatch(/^<categories [^>]*uri="sip:kenmyer@contoso\.test">/);
    expect(statusIn(wrong)).toBe('400 Bad Request');
  });

  test('end with Expires: 0 in their dialog, and are not there afterwards', () => {
    const { scene, pilar, kenmyer, answer } = watched();
    const to = fieldIn(answer, 'To');
    const end = { uri: 'sip:fe01.contoso.test:5061;transport=tls', to, callId: 'watching', lines: ['Expires: 0'] };

    const ended = pilar.request('SUBSCRIBE', end);
    publish(kenmyer, noteOf('unseen'));
    const again = pilar.request('SUBSCRIBE', end);

    expect(statusIn(ended)).toBe('200 OK');
    expect(fieldIn(ended, 'subscription-state')).toBe('terminated;expires=0');
    expect(scene.state().subscriptions).toEqual([]);
    expect(statusIn(again)).toBe('481 Call Leg/Transaction Does Not Exist');
    expect(fieldIn(again, 'ms-diagnostics')).toMatch(/^2014;/);
  });

  test('live as long as the registration when they may, and otherwise as long as was granted', () => {
    const forever = watched();
    const brief = watched(['Supported: ms-benotify', 'Expires: 600']);
    brief.pilar.inbox.splice(0);

    forever.scene.pass(601_000);
    brief.scene.pass(601_000);

    expect(forever.scene.state().subscriptions).toHaveLength(1);
    expect(brief.scene.state().subscriptions).toEqual([]);
    expect(fieldIn(brief.pilar.inbox[0] ?? '', 'Subscription-State')).toBe('terminated;expires=0');
  });

  test('see a user go offline when the last endpoint has signed out', () => {
    const { scene, pilar, kenmyer } = watched();
    publish(kenmyer, state('machineState', 3500, 7), state('userState', 9500, 8, 'static'));
    const busy = pilar.inbox.shift() ?? '';

    kenmyer.request('REGISTER', { uri: `sip:${domain}`, to: `<${kenmyer.address}>`, lines: ['Expires: 0'] });

    expect(availabilityIn(busy)).toBe('9500');
    expect(availabilityIn(pilar.inbox.shift() ?? '')).toBe('18500');
    expect(scene.state().bindings).toHaveLength(1);
  });

  test('end with the connection of the subscriber', () => {
    const { scene, pilar } = watched();

    scene.close(pilar.flow);

    expect(scene.state().subscriptions).toEqual([]);
  });
});

describe('what is wrong with presence at the simulated front end, when it is told to be', () => {
  const publishWith = (...faults: readonly string[]) => {
    const parts = watched();
    for (const fault of faults) parts.scene.switches.set(fault);
    const answer = publish(parts.kenmyer, state('machineState', 3500, 7), noteOf('the value'));
    return { ...parts, answer, notification: parts.pilar.inbox[0] ?? '' };
  };

  test.each([
    ['notify-missing', (text: string) => text === ''],
    ['notify-old-value', (text: string) => /Edge Probes of yesterday/.test(text) && availabilityIn(text) === '15500'],
    ['notify-other-presentity', (text: string) => /uri="sip:somebody@/.test(text) && !/uri="sip:kenmyer@/.test(text)],
    ['notify-not-xml', (text: string) => text.includes('</category></category>')],
    ['notify-entities', (text: string) => text.includes('<!DOCTYPE') && text.includes('<categories')],
    ['notify-unknown-category', (text: string) => !/category name="(note|state)"/.test(text)],
    ['notify-out-of-order', (text: string) => fieldIn(text, 'CSeq') === '0 BENOTIFY'],
    ['notify-other-dialog', (text: string) => fieldIn(text, 'Call-ID') === 'somebody-else@contoso.test'],
    ['requests-unsigned', (text: string) => fieldIn(text, 'Authentication-Info') === ''],
    ['signature-missing-later', (text: string) => fieldIn(text, 'Authentication-Info') === ''],
    ['subscription-ended', (text: string) => fieldIn(text, 'Subscription-State').startsWith('terminated;')],
    ['subscription-taken-over', (text: string) => fieldIn(text, 'ms-diagnostics-public').startsWith('2139;')],
  ])('%s', (fault, isWrong) => {
    const { answer, notification } = publishWith(fault);

    expect(statusIn(answer)).toBe('200 OK');
    expect(isWrong(notification)).toBe(true);
    // Everything else is as it should be.
    expect(isWrong(publishWith().notification)).toBe(false);
  });

  test.each(['notify-old-value', 'notify-out-of-order', 'notify-other-dialog', 'notify-twice', 'signature-swapped'])(
    '%s is signed as it is sent',
    (fault) => {
      const { pilar } = publishWith(fault);

      expect(pilar.inbox.map((text) => pilar.believes(text))).not.toContain(false);
    },
  );

  test.each(['requests-signed-wrongly', 'association-changed-later'])('%s is not believed', (fault) => {
    const { pilar, notification } = publishWith(fault);

    expect(pilar.believes(notification)).toBe(false);
  });

  test.each([
    ['publish-403', '403 Forbidden'],
    ['publish-503', '503 Service Unavailable'],
    ['publish-wrong-delta', '409 Conflict'],
    ['publisher-disabled', '404 Not Found'],
    ['publish-silent', ''],
  ])('%s', (fault, status) => {
    expect(statusIn(publishWith(fault).answer)).toBe(status);
  });

  test('publish-wrong-delta-once names the versions with which the same publication is then taken', () => {
    const { kenmyer, answer } = publishWith('publish-wrong-delta-once');

    expect(statusIn(answer)).toBe('409 Conflict');
    expect(operationsIn(bodyIn(answer))).toEqual(['1:1', '2:1', '3:1']);
    expect(statusIn(publish(kenmyer, noteOf('the value')))).toBe('409 Conflict');
    expect(statusIn(publish(kenmyer, noteOf('the value', { version: 1 })))).toBe('200 OK');
  });

  test('second-account-disabled refuses whoever subscribes to it, alone or among others', () => {
    const scene = new Scene();
    const [pilar, kenmyer] = [scene.client('pilar'), scene.client('kenmyer')];
    pilar.signIn();
    kenmyer.signIn();
    scene.switches.set('second-account-disabled');

    const [batched, other] = [watch(pilar), watch(kenmyer, ['sip:pilar@contoso.test'])];

    expect(statusIn(batched)).toBe('404 Not Found');
    expect(fieldIn(batched, 'ms-diagnostics')).toBe(
      '4005;reason="Destination URI either not enabled for SIP or does not exist";source="sip.contoso.test"',
    );
    expect(pilar.believes(batched)).toBe(true);
    expect(statusIn(other)).toBe('200 OK');
  });

  test.each(['subscribe-504-1008', 'subscribe-504-1047', 'subscribe-480', 'subscribe-403'])(
    '%s refuses subscriptions to presence alone',
    (fault) => {
      const scene = new Scene();
      const pilar = scene.client('pilar');
      pilar.signIn();
      scene.switches.set(fault);

      const [own, presence] = [selfSubscribe(pilar), watch(pilar)];

      expect(statusIn(own)).toBe('200 OK');
      expect(fault).toContain(statusIn(presence).slice(0, 3));
      expect(fieldIn(presence, 'ms-diagnostics').split(';')[0]).toBe(fault.split('-504-')[1] ?? '');
    },
  );

  test('first-notify-missing takes it out of the answer, too', () => {
    const scene = new Scene();
    const pilar = scene.client('pilar');
    pilar.signIn();
    scene.switches.set('first-notify-missing');

    expect(bodyIn(watch(pilar))).toBe('');
  });
});
