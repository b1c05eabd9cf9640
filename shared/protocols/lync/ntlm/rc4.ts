/** RC4, which OpenSSL 3 no longer offers: encrypts, and decrypts, `data` with a fresh state. `key` has 1 to 256 bytes. */
export function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  let j = 0;
  const swap = (i: number): number => {
    const [a = 0, b = 0] = [state[i], state[j]];
    state[i] = b;
    state[j] = a;
    return (a + b) & 255;
  };
  for (let i = 0; i < 256; i += 1) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) & 255;
    swap(i);
  }
  j = 0;
  const out = Buffer.alloc(data.length);
  for (const [index, byte] of data.entries()) {
    const i = (index + 1) & 255;
    j = (j + (state[i] ?? 0)) & 255;
    out[index] = byte ^ (state[swap(i)] ?? 0);
  }
  return out;
}
