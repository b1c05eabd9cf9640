import type { SipAnswer } from '../sip/answer.js';
import { headerValues } from '../sip/rawMessage.js';

/** Where an answer to REGISTER leads. */
export type Redirect =
  | { readonly kind: 'none' }
  /** Into the own SIP domain, over TLS: another server of the same deployment. */
  | { readonly kind: 'inside'; readonly host: string; readonly port: number }
  | { readonly kind: 'foreign'; readonly place: string };

const usualPort = 5061;

/**
 * Reads a 301 or 302 to REGISTER (MS-SIPREGE 3.1.5). What is signed in to must lie in the SIP domain and be reached by TLS: a
 * server that is no longer the own one must not be told anything about the password.
 */
export function readRedirect(answer: SipAnswer, sipDomain: string): Redirect {
  if (answer.kind !== 'response' || (answer.status !== 301 && answer.status !== 302)) return { kind: 'none' };
  const [contact = ''] = headerValues(answer.message, 'contact');
  const uri = /<([^<>]*)>/.exec(contact)?.[1] ?? contact;
  const [, scheme = '', host = '', port, parameters = ''] =
    /^(sips?):(?:[^@;?]*@)?([A-Za-z0-9.-]+)(?::(\d{1,5}))?((?:;[^?]*)?)/i.exec(uri) ?? [];
  const secure = scheme.toLowerCase() === 'sips' || /;transport=tls(?=;|$)/i.test(parameters);
  if (!secure || !isInside(host, sipDomain)) return { kind: 'foreign', place: contact === '' ? 'nowhere' : contact };
  return { kind: 'inside', host: host.toLowerCase(), port: port === undefined ? usualPort : Number(port) };
}

function isInside(host: string, sipDomain: string): boolean {
  const [name, domain] = [host.toLowerCase(), sipDomain.toLowerCase()];
  return name === domain || name.endsWith(`.${domain}`);
}
