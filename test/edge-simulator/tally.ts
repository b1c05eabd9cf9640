const knownMethods = new Set([
  'ACK',
  'BENOTIFY',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SERVICE',
  'SUBSCRIBE',
  'UPDATE',
]);

/** Counts by name, for GET /state. */
export type Counts = Readonly<Record<string, number>>;

/** What the simulator has seen since it started. */
export class Tally {
  connections = 0;
  failedHandshakes = 0;
  keepAlives = 0;
  malformed = 0;
  readonly #requests = new Map<string, number>();
  readonly #answers = new Map<string, number>();
  readonly #responses = new Map<string, number>();

  /** Counts a request; methods that nobody defined count together, because a peer can make up any number of them. */
  request(method: string): void {
    increase(this.#requests, knownMethods.has(method) ? method : 'other');
  }

  answer(status: number): void {
    increase(this.#answers, String(status));
  }

  /** Counts what a client answered to a request of ours. */
  response(status: number): void {
    increase(this.#responses, String(status));
  }

  responses(): Counts {
    return Object.fromEntries(this.#responses);
  }

  requests(): Counts {
    return Object.fromEntries(this.#requests);
  }

  answers(): Counts {
    return Object.fromEntries(this.#answers);
  }
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
