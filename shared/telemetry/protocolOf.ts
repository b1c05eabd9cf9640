import type { TransactionResult } from '../domain/result.js';

/** What a step speaks, where its name tells. */
const bySteps: readonly (readonly [RegExp, string])[] = [
  [/^resolve/, 'DNS'],
  [/^connect/, 'TCP'],
  [/^(?:start-?)?tls/, 'TLS'],
  [/register|subscri|publish|invite|push/, 'SIP'],
  [/xmpp|stream|dialback|receiver/, 'XMPP'],
  [/turn|allocat|relay|echo/, 'TURN'],
];

/** The type of dependency a step is shown as: the protocol it waits for. */
export function protocolOf(step: string, { transaction, dialect }: Pick<TransactionResult, 'transaction' | 'dialect'>) {
  const known = bySteps.find(([name]) => name.test(step));
  if (known) return known[1];
  if (transaction === 'av-edge') return 'TURN';
  const speaksXmpp = transaction === 'xmpp-federation' || (transaction === 'persistent-chat' && dialect === 'rfc');
  return speaksXmpp ? 'XMPP' : 'SIP';
}
