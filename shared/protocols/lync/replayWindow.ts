/** A server with several threads may number its messages and send them in another order, but not by far. */
const windowSize = 256;

/** The numbers of a peer's messages: each may come once, and none that is far behind the highest (RFC 4303 section 3.4.3 does the same). */
export class ReplayWindow {
  readonly #seen = new Set<number>();
  #highest = 0;

  /** Takes a decimal number; false when it is none, came before, or is too old to tell. */
  take(text: string): boolean {
    if (!/^\d{1,10}$/.test(text)) return false;
    const number = Number(text);
    if (number <= this.#highest - windowSize || this.#seen.has(number)) return false;
    this.#seen.add(number);
    this.#highest = Math.max(this.#highest, number);
    for (const old of this.#seen) if (old <= this.#highest - windowSize) this.#seen.delete(old);
    return true;
  }
}
