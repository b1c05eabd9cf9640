import { describe, expect, test } from 'vitest';
import { StanzaInbox } from '../../../../../shared/protocols/xmpp/client/stanzaInbox.js';
import type { XmlElement } from '../../../../../shared/protocols/xmpp/element.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { ManualClock } from '../../../../fakes/manualClock.js';

function stanza(name: string): XmlElement {
  return { namespace: 'jabber:client', name, attributes: {}, children: [], text: '' };
}

const named = (name: string) => (element: XmlElement) => element.name === name;

function open() {
  const clock = new ManualClock();
  const inbox = new StanzaInbox(clock, () => 7);
  const arrive = (name: string, at = 0) => inbox.push({ at, element: stanza(name) });
  return { clock, inbox, arrive };
}

describe('the inbox', () => {
  test('gives what came before in its order, and leaves what is not wanted', async () => {
    const { inbox, arrive } = open();
    arrive('a');
    arrive('b');

    const found = await inbox.take(named('b'), new FakeScope());

    expect(found).toMatchObject({ kind: 'item', item: { element: { name: 'b' } } });
    expect(inbox.unread.map(({ element }) => element.name)).toEqual(['a']);
  });

  test('gives to each of several waits what it wants, though it is not to be kept', async () => {
    const { inbox, arrive } = open();
    inbox.keep = () => false;
    const waits = [inbox.take(named('b'), new FakeScope()), inbox.take(named('a'), new FakeScope())];

    arrive('c');
    arrive('a');
    arrive('b');

    expect(await Promise.all(waits)).toMatchObject([
      { item: { element: { name: 'b' } } },
      { item: { element: { name: 'a' } } },
    ]);
    expect(inbox.unread).toEqual([]);
  });

  test('ends a wait when its time is over, and the others go on', async () => {
    const { inbox, arrive } = open();
    const [short, long] = [new FakeScope(), new FakeScope()];
    const waits = [inbox.take(named('a'), short), inbox.take(named('a'), long)];

    short.expire(250);
    arrive('a');

    expect(await Promise.all(waits)).toMatchObject([
      { kind: 'timeout', limitMs: 250, pendingCharacters: 7 },
      { kind: 'item' },
    ]);
  });

  test('gives nothing to a scope that is over before it begins', async () => {
    const { inbox } = open();
    const scope = new FakeScope();
    scope.abort();

    expect(await inbox.take(named('a'), scope)).toEqual({ kind: 'timeout', limitMs: 0, pendingCharacters: 7 });
  });

  test('ends all waits with the stream, and gives what came before it afterwards', async () => {
    const { inbox, arrive } = open();
    const wait = inbox.take(named('z'), new FakeScope());
    arrive('a');

    inbox.finish({ kind: 'closed' });
    inbox.finish({ kind: 'version' });

    expect(await wait).toEqual({ kind: 'ended', end: { kind: 'closed' } });
    expect(await inbox.take(named('a'), new FakeScope())).toMatchObject({ kind: 'item' });
    expect(await inbox.take(named('a'), new FakeScope())).toEqual({ kind: 'ended', end: { kind: 'closed' } });
  });

  test('forgets the oldest of what nobody takes', () => {
    const { inbox, arrive } = open();
    for (let count = 0; count < 600; count += 1) arrive(`s${count}`);

    expect(inbox.unread).toHaveLength(500);
    expect(inbox.unread.at(-1)?.element.name).toBe('s599');
  });

  test('books the time between arrival and hand-over as its own', async () => {
    const { clock, inbox, arrive } = open();
    const scope = new FakeScope();
    const wait = inbox.take(named('a'), scope);
    await clock.advance(100);
    arrive('a', 90);

    await wait;

    expect(scope.excludedMs).toBe(10);
  });
});
