/**
 * Does `work` never twice at once: whoever asks while it is being done shares the next time, which begins when this one has
 * ended. Rejections of `work` are nobody's.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = () => {
    next = undefined;
    running = work()
      .catch(() => {})
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  return () => {
    if (next) return next;
    if (!running) return start();
    next = running.then(start);
    return next;
  };
}
