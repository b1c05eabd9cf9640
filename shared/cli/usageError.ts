/** The command was called wrongly: one message that names what is wrong and what there is to choose from. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** `registration, presence`, or `none`. */
export function choices(names: Iterable<string>): string {
  return [...names].join(', ') || 'none';
}
