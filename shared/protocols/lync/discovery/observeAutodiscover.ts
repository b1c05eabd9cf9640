import { isIPv4 } from 'node:net';
import type { Clock } from '../../../domain/clock.js';
import type { Scope } from '../../../domain/scope.js';
import type { DnsResolver } from '../../dns/answer.js';
import { diagnoseDns } from '../../dns/diagnoseDns.js';
import { lookUpHost } from '../../dns/hostAddresses.js';
import { autodiscoverHost, readAutodiscover } from './autodiscover.js';
import type { HttpsAnswer, HttpsQuestion } from './httpsGet.js';

/** How long the observation may take, milliseconds: it must not hold up what it is only an addition to. */
const patienceMs = 2_000;
const accept = 'application/vnd.microsoft.rtc.autodiscover+xml;v=1, application/json;q=0.5';

export interface Autodiscovery {
  readonly sipDomain: string;
  readonly resolver: DnsResolver;
  readonly get: (question: Omit<HttpsQuestion, 'secureContext'>, signal: AbortSignal) => Promise<HttpsAnswer>;
  readonly clock: Clock;
}

/**
 * Does `find`, and beside it looks whether the autodiscover service of the domain answers; what it says goes into the
 * observations and decides nothing. Time that is spent on it alone is not the Edge's.
 */
export async function besideAutodiscover<T>(find: Promise<T>, asked: Autodiscovery, scope: Scope): Promise<T> {
  const looking = look(asked, scope);
  try {
    return await find;
  } finally {
    const waitedFrom = asked.clock.monotonic();
    scope.observe({ autodiscover: await looking });
    scope.exclude(asked.clock.monotonic() - waitedFrom);
  }
}

/** Never rejects. */
async function look({ sipDomain, resolver, get, clock }: Autodiscovery, scope: Scope): Promise<object> {
  const host = autodiscoverHost(sipDomain);
  const patience = new AbortController();
  const stop = clock.after(patienceMs, () => patience.abort(new Error(`no answer within ${patienceMs} ms`)));
  const signal = AbortSignal.any([patience.signal, scope.signal]);
  const own: Scope = { signal, exclude: () => {}, observe: () => {}, warn: () => {} };
  try {
    const found = await lookUpHost(host, resolver, own);
    if (found.kind === 'failure') return { host, error: diagnoseDns(`address of ${host}`, found.failure).error };
    // One address will do, of the family that every prober has.
    const address = found.addresses.find(isIPv4) ?? found.addresses[0] ?? host;
    const { status, body } = await get({ address, host, port: 443, accept }, signal);
    return readAutodiscover(host, status, body);
  } catch (error) {
    return { host, error: textOf(signal.aborted ? signal.reason : error) };
  } finally {
    stop();
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
