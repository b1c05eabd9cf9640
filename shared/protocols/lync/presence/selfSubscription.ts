import { ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { diagnoseUnconfirmed } from '../../sip/presence/diagnoseNotify.js';
import { headerValue } from '../../sip/rawMessage.js';
import { diagnoseEnd, diagnoseFlaw, requireAccepted } from './diagnosePresence.js';
import { EventDialog, type Notified } from './eventDialog.js';
import type { PresenceLine } from './presenceLine.js';
import { readRoamingData } from './roamingData.js';
import { roamingList } from './subscribeDocuments.js';
import type { CategoryVersions } from './versions.js';

const roamingType = 'application/vnd-microsoft-roaming-self+xml';
const request = 'SUBSCRIBE to vnd-microsoft-roaming-self';

/** The subscription of a user to what the server keeps about it (MS-PRES 3.3): it tells the versions that publications need. */
export class SelfSubscription {
  readonly #line: PresenceLine;
  readonly #versions: CategoryVersions;
  readonly #dialog: EventDialog;

  constructor(line: PresenceLine, versions: CategoryVersions) {
    this.#line = line;
    this.#versions = versions;
    this.#dialog = new EventDialog(line, {
      uri: line.sipAddress,
      event: 'vnd-microsoft-roaming-self',
      headers: [`Accept: ${roamingType}`, 'Supported: com.microsoft.autoextend', 'Proxy-Require: ms-benotify'],
      body: { contentType: roamingType, content: roamingList },
    });
  }

  /** Does the server hold the subscription, as far as it told us? */
  get alive(): boolean {
    return this.#dialog.alive;
  }

  /** Subscribes and waits for the first notification. Throws a `ProbeError` when it is refused, does not come, or cannot be read. */
  async begin(scope: Scope): Promise<void> {
    const { peer } = this.#line;
    requireAccepted(request, peer, await this.#dialog.subscribe(scope));
    for (;;) {
      const arrival = await this.#dialog.next(scope);
      if (arrival.kind !== 'item') throw new ProbeError(diagnoseUnconfirmed(peer, arrival, this.#dialog.unmatched));
      const { state, message } = arrival.item;
      if (state.name === 'terminated') throw new ProbeError(diagnoseEnd(peer, state, message));
      if (message.body.trim() === '') continue;
      const reading = readRoamingData(message.body);
      if (reading.kind !== 'own-categories') throw new ProbeError(diagnoseFlaw(peer, reading));
      return this.#versions.learn(reading);
    }
  }

  /** Takes in what came since; nothing of it is waited for. */
  async catchUp(scope: Scope): Promise<void> {
    const unread = await this.#dialog.takeUnread(scope);
    for (const { message } of unread.filter(isRoaming)) this.#versions.learn(readRoamingData(message.body));
  }

  /** Ends it. Throws a `ProbeError` when that is refused. */
  async end(scope: Scope): Promise<void> {
    requireAccepted(`${request} with Expires: 0`, this.#line.peer, await this.#dialog.end(scope));
  }
}

function isRoaming({ message }: Notified): boolean {
  return (headerValue(message, 'content-type') ?? '').toLowerCase().startsWith(roamingType);
}
