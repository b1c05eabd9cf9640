/** The part of js-md4 0.3.2 that is used here; the package brings no types. */
declare module 'js-md4' {
  const md4: { create(): { update(bytes: Uint8Array): { array(): number[] } } };
  export default md4;
}
