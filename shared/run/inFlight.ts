/** Knows what is going on, so that the end of a process can wait for it. */
export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  /** Settles as the work does. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Resolves when nothing is going on any more, whatever became of it. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
