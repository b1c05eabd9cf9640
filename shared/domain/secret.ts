const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A password or key. It shows itself to nobody who does not ask by name: not to JSON, logs, templates or the debugger. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that computes with it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect](): string {
    return '[secret]';
  }
}
