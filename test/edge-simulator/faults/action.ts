/** One thing done to a connection; actions run one after another. */
export type Action =
  | { readonly kind: 'send'; readonly bytes: Buffer }
  | { readonly kind: 'wait'; readonly ms: number }
  /** `close` says good-bye (close_notify, FIN), `reset` does not (RST), `mute` stays connected and never speaks again. */
  | { readonly kind: 'close' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'mute' };

/** Sends all `bytes` in one packet, as far as the stream allows. */
export function send(bytes: Buffer | string): Action {
  return { kind: 'send', bytes: Buffer.from(bytes) };
}

/** Everything that `actions` would send, in one piece. */
export function bytesOf(actions: readonly Action[]): Buffer {
  return Buffer.concat(actions.flatMap((action) => (action.kind === 'send' ? [action.bytes] : [])));
}
