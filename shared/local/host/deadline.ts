/** The limit of `withDeadline` has passed. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** Settles as `work` does, or rejects with `TimedOut` after `limitMs`; a later rejection of `work` is then nobody's. */
export async function withDeadline<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`not done within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
