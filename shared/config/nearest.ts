/** The word of `words` that `text` is most likely a slip of; undefined when none is near. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  const plain = bare(text);
  // Long keys are no slips, and comparing them costs time.
  if (plain.length > 60) return undefined;
  const ranked = words
    .map((word) => ({ word, distance: editDistance(plain, bare(word)) }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : undefined;
}

/** `sip_domain`, `SIPDomain` and `sip-domain` are all slips of the same key. */
function bare(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '');
}

/** How many characters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(one: string, other: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
