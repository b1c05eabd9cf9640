/** Reads lines of `NAME='value'`, as a shell would: inside the quotes only `'\''` is special. Throws with the number of a bad line. */
export function parseSecrets(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').map((line) => line.trim());
  const entries = lines.flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    const match = /^([A-Za-z_]\w*)='((?:[^']|'\\'')*)'$/.exec(line);
    if (match === null) throw new Error(`secrets.env line ${index + 1}: expected NAME='value'`);
    const [, name = '', quoted = ''] = match;
    return [[name, quoted.replaceAll("'\\''", "'")] as const];
  });
  return Object.fromEntries(entries);
}
