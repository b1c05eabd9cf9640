import type { SentMessage } from '../protocols/sip/im/diagnoseMessage.js';

/** A text of this run. It has letters beyond ASCII and markup, as people write them: what rewrites a message on its way shows. */
export function messageOf(kind: 'message' | 'reply', token: string): Pick<SentMessage, 'text' | 'token'> {
  return { text: `Edge Probes ${kind} ${token}: Grüße, 你好 <b>&amp; "quoted"</b> ✓ 🙂`, token };
}
