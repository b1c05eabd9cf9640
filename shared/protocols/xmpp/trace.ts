import type { Clock } from '../../domain/clock.js';
import type { StreamItem } from './streamReader.js';
import { withoutSecrets } from './withoutSecrets.js';

/** Takes what goes over the wire, one element at a time. */
export type Trace = (entry: {
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  readonly direction: 'sent' | 'received';
  readonly peer: string;
  readonly text: string;
}) => void;

/** What one stream tells the trace, without what authenticates. */
export class StreamTrace {
  readonly #trace: Trace | undefined;
  readonly #peer: string;
  readonly #clock: Clock;

  constructor(trace: Trace | undefined, peer: string, clock: Clock) {
    this.#trace = trace;
    this.#peer = peer;
    this.#clock = clock;
  }

  sent(text: string): void {
    this.#note('sent', text);
  }

  received(item: StreamItem): void {
    this.#note('received', sourceOf(item));
  }

  /** The beginning of an element that is not going to be completed; nothing where none had begun. */
  brokenOff(pendingText: string): void {
    if (pendingText !== '') this.#note('received', pendingText);
  }

  #note(direction: 'sent' | 'received', text: string): void {
    this.#trace?.({ at: this.#clock.now(), direction, peer: this.#peer, text: withoutSecrets(text) });
  }
}

function sourceOf(item: StreamItem): string {
  if (item.kind === 'violation') return item.excerpt;
  return item.kind === 'end' ? '</stream:stream>' : item.source;
}
