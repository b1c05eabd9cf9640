import { ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { Verdict } from '../../sip/presence/verdict.js';
import { headerValue } from '../../sip/rawMessage.js';
import { diagnoseEnd, diagnoseFirst, diagnoseListed, diagnoseVain, requireAccepted } from './diagnosePresence.js';
import { EventDialog, type EventRequest, type Notified } from './eventDialog.js';
import { type PresenceContent, readPresenceContent } from './presenceContent.js';
import type { PresenceLine } from './presenceLine.js';
import type { ListedResource } from './resourceList.js';
import { writeBatchSubscribe } from './subscribeDocuments.js';
import { type AwaitedNote, judgeContent, listedOf, type PresenceNote } from './verdict.js';

const accepted = [
  'application/msrtc-event-categories+xml',
  'application/rlmi+xml',
  'multipart/related',
  'application/pidf+xml',
];

/** What a flooding peer sends beyond is judged, but not kept. */
const mostVerdicts = 200;

/** How a subscription is made: in a batch at the own server, in one at another pool, or to the contact itself (MS-PRES 3.4). */
type Way = { readonly kind: 'batch'; readonly at: string } | { readonly kind: 'single' };

/** The subscription of a user to the presence of one other. */
export class PresenceWatch {
  readonly #line: PresenceLine;
  readonly #contact: string;
  readonly #batchable: boolean;
  #dialogs: EventDialog[] = [];

  /** `batchable`: does the server take batches? */
  constructor(line: PresenceLine, contact: string, batchable: boolean) {
    this.#line = line;
    this.#contact = contact;
    this.#batchable = batchable;
  }

  /** Does the server hold a subscription, as far as it told us? */
  get alive(): boolean {
    return this.#dialogs.some(({ alive }) => alive);
  }

  /**
   * Subscribes, where the server says so elsewhere too, and waits until it shows the contact. Throws a `ProbeError` when it is refused,
   * or nothing is shown.
   */
  async subscribe(scope: Scope): Promise<void> {
    let way: Way | undefined = this.#batchable ? { kind: 'batch', at: this.#line.sipAddress } : { kind: 'single' };
    // Own server, another pool, the contact itself: none leads back.
    for (let turn = 0; way && turn < 3; turn += 1) way = await this.#subscribeBy(way, scope);
    if (way) throw new ProbeError(diagnoseListed(this.#line.peer, this.#contact, 'resubscribe', 'again and again'));
  }

  /** Waits until a notification brings exactly `note`. Throws a `ProbeError` that names what came in its place. */
  async awaitNote(note: PresenceNote, scope: Scope): Promise<void> {
    const { peer } = this.#line;
    const dialog = this.#dialog();
    const verdicts: Verdict[] = [];
    for (;;) {
      const arrival = await dialog.next(scope);
      if (arrival.kind !== 'item') {
        const waited = { verdicts, unmatched: dialog.unmatched, peer, entity: note.entity };
        throw new ProbeError(diagnoseVain(waited, arrival));
      }
      const contents = contentsOf(arrival.item);
      const judged = judgeAll(contents, note);
      if (judged.some(({ kind }) => kind === 'value')) return;
      if (verdicts.length < mostVerdicts) verdicts.push(...(judged.length > 0 ? judged : [nothing]));
      this.#requireKept(arrival.item, contents);
    }
  }

  /** Ends what was subscribed to. Throws a `ProbeError` when that is refused. */
  async end(scope: Scope): Promise<void> {
    for (const dialog of this.#dialogs.filter(({ alive }) => alive)) {
      requireAccepted('SUBSCRIBE to presence with Expires: 0', this.#line.peer, await dialog.end(scope));
    }
  }

  /** Another way to try, when the server wants one. */
  async #subscribeBy(way: Way, scope: Scope): Promise<Way | undefined> {
    const { peer } = this.#line;
    const dialog = new EventDialog(this.#line, this.#requestFor(way));
    this.#dialogs = [...this.#dialogs, dialog];
    requireAccepted('SUBSCRIBE to presence', peer, await dialog.subscribe(scope));
    const verdicts: Verdict[] = [];
    for (;;) {
      const arrival = await dialog.next(scope);
      if (arrival.kind !== 'item') {
        const waited = { verdicts, unmatched: dialog.unmatched, peer, entity: this.#contact };
        throw new ProbeError(diagnoseFirst(waited, arrival));
      }
      const contents = contentsOf(arrival.item);
      const listed = listedOf(contents, this.#contact);
      if (listed?.state === 'resubscribe') return nextWay(listed);
      this.#requireKept(arrival.item, contents);
      const judged = judgeAll(contents, { entity: this.#contact, text: undefined });
      if (listed || judged.some(({ kind }) => kind === 'other-value')) return undefined;
      if (verdicts.length < mostVerdicts) verdicts.push(...judged);
    }
  }

  /** Throws when the server says that it shows the contact no more, or never does. */
  #requireKept({ state, message }: Notified, contents: readonly PresenceContent[]): void {
    const { peer } = this.#line;
    const listed = listedOf(contents, this.#contact);
    if (listed && (listed.state === undefined || listed.state === 'terminated')) {
      throw new ProbeError(diagnoseListed(peer, this.#contact, listed.state, listed.reason));
    }
    if (state.name === 'terminated') throw new ProbeError(diagnoseEnd(peer, state, message));
  }

  #dialog(): EventDialog {
    const last = this.#dialogs.at(-1);
    if (!last) throw new Error('nothing was subscribed to');
    return last;
  }

  #requestFor(way: Way): EventRequest {
    const batch = way.kind === 'batch';
    const id = Number.parseInt(this.#line.hex(3), 16);
    return {
      uri: way.kind === 'batch' ? way.at : this.#contact,
      event: 'presence',
      headers: [
        ...(batch ? ['Require: adhoclist, categoryList', 'Supported: eventlist'] : []),
        `Accept: ${accepted.join(', ')}`,
        'Proxy-Require: ms-benotify',
      ],
      body: {
        contentType: 'application/msrtc-adrl-categorylist+xml',
        content: writeBatchSubscribe(this.#line.sipAddress, this.#contact, id),
      },
    };
  }
}

/** A notification about nobody. */
const nothing: Verdict = { kind: 'empty' };

function contentsOf({ message }: Notified): readonly PresenceContent[] {
  return readPresenceContent(headerValue(message, 'content-type') ?? '', message.body);
}

function judgeAll(contents: readonly PresenceContent[], note: AwaitedNote): readonly Verdict[] {
  return contents.map((content) => judgeContent(content, note)).filter((verdict) => verdict !== undefined);
}

/** The name comes from a peer and goes into a Request-URI. */
function nextWay({ poolFqdn }: ListedResource): Way {
  if (poolFqdn === undefined) return { kind: 'single' };
  return /^[a-z0-9.-]{1,255}$/i.test(poolFqdn) ? { kind: 'batch', at: `sip:${poolFqdn}` } : { kind: 'single' };
}
