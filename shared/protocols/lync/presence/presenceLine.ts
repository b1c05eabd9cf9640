import type { SipExchange } from '../../sip/exchange.js';
import type { LyncLine } from '../session/line.js';

/** What presence needs of a signed-in account's line. */
export type PresenceLine = Pick<
  LyncLine,
  | 'peer'
  | 'sipAddress'
  | 'clock'
  | 'hex'
  | 'newIdentity'
  | 'fromHeader'
  | 'contactHeader'
  | 'ask'
  | 'request'
  | 'listen'
  | 'next'
  | 'strayNotifications'
> & { readonly exchange: Pick<SipExchange, 'pendingBytes'> };
