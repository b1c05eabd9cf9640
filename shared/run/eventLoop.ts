import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Sampling interval, milliseconds; the histogram counts it as part of every delay. */
const resolutionMs = 10;

/** Starts watching the event loop; the returned function stops and tells by how many milliseconds it was held up at worst. */
export function watchEventLoop(): () => number {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return () => {
    histogram.disable();
    return Math.max(histogram.max / 1e6 - resolutionMs, 0);
  };
}
