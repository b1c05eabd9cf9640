import type { PublicFailover } from './failovers.js';

/** `failed over from edge1.contoso.com:5269 to edge2.contoso.com:5269; down for 40 s (10 s more or less), seen from westeurope` */
export function failoverText({ from, to, downForMs, precisionMs, region }: PublicFailover): string {
  const way = from === undefined || to === undefined ? 'to another server' : `from ${from} to ${to}`;
  return `failed over ${way}; down for ${span(downForMs)} (${span(precisionMs)} more or less), seen from ${region}`;
}

/** In the largest unit that still tells something: `40 s`, `12 min`, `30 h`. */
function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 120 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
