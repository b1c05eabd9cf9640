import type { Clock } from '../../../domain/clock.js';
import { type DiagnosisCode, fail } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { SaslUser } from './diagnoseSasl.js';
import type { StreamFeatures } from './features.js';
import { SaslExchange } from './saslExchange.js';
import { saslPrep } from './saslPrep.js';
import {
  fewestIterations,
  firstMessage,
  isProvenBy,
  mostIterations,
  prove,
  readChallenge,
  type ScramMechanism,
  type ScramUser,
} from './scram.js';
import type { XmppStream } from './xmppStream.js';

/** In order of preference; PLAIN shows the password to the server and is used only where nothing else is offered. */
const known = ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'] as const;

export interface SaslTools {
  readonly clock: Clock;
  /** Letters and digits from a cryptographic source. */
  readonly token: (length: number) => string;
}

/** Proves who `account` is, over a stream that is encrypted (RFC 6120 section 6). Throws a `ProbeError`. */
export async function authenticate(
  stream: XmppStream,
  features: StreamFeatures,
  account: SaslUser & { readonly name: string },
  tools: SaslTools,
  scope: Scope,
): Promise<void> {
  const mechanism = chooseMechanism(stream.peer, features);
  scope.observe({ saslMechanism: mechanism });
  const exchange = new SaslExchange(stream, account, mechanism);
  const user = { name: account.name, password: account.password.reveal() };
  if (mechanism !== 'PLAIN') return scram(exchange, mechanism, user, stream.peer, tools, scope);
  const answer = await exchange.begin(`\0${saslPrep(user.name)}\0${saslPrep(user.password)}`, scope);
  if (answer.kind !== 'success') exchange.malformed('a challenge');
}

function chooseMechanism(peer: string, { mechanisms }: StreamFeatures): (typeof known)[number] {
  if (!mechanisms) return fail('XMPP_SASL_NOT_OFFERED', { error: `${peer} offers no way to sign in` });
  const chosen = known.find((name) => mechanisms.includes(name));
  const offered = mechanisms.join(', ') || 'none';
  const error = `${peer} offers the SASL mechanisms ${offered}; expected one of ${known.join(', ')}`;
  return chosen ?? fail('XMPP_SASL_MECHANISM_UNSUPPORTED', { error });
}

/** RFC 5802 section 5. Success counts only with the server's signature. */
async function scram(
  exchange: SaslExchange,
  mechanism: ScramMechanism,
  user: ScramUser,
  peer: string,
  { clock, token }: SaslTools,
  scope: Scope,
): Promise<void> {
  const nonce = token(32);
  const clientFirst = firstMessage(user, nonce);
  const first = await exchange.begin(`n,,${clientFirst}`, scope);
  if (first.kind === 'success') return unproven(peer, mechanism, 'signed in without a challenge');
  const challenge = readChallenge(first.data, nonce);
  if (challenge.kind === 'problem') return refuse(exchange, mechanism, peer, challenge.problem);
  warnOfFewIterations(mechanism, peer, challenge.iterations, scope);

  const begunAt = clock.monotonic();
  const proof = await prove(mechanism, user, clientFirst, first.data, challenge);
  // Deriving the key is our work, not the server's.
  scope.exclude(clock.monotonic() - begunAt);

  const final = await exchange.respond(proof.message, scope);
  if (!isProvenBy(final.data, proof)) {
    return unproven(peer, mechanism, final.data === '' ? 'sent no signature' : 'sent a wrong signature');
  }
  // Servers may send their signature in a challenge of its own, before success (RFC 6120 section 6.3.10).
  if (final.kind === 'challenge' && (await exchange.respond('', scope)).kind !== 'success') {
    exchange.malformed('a third challenge');
  }
}

function refuse(
  exchange: SaslExchange,
  mechanism: ScramMechanism,
  peer: string,
  problem: 'malformed' | 'foreign-nonce' | 'too-many-iterations',
): never {
  if (problem === 'malformed') return exchange.malformed('a challenge without nonce, salt and iterations');
  if (problem === 'foreign-nonce') return exchange.malformed('a nonce that does not begin with ours');
  const error = `${peer} asks for more than ${mostIterations} iterations in ${mechanism}`;
  return fail('XMPP_SASL_ITERATIONS_EXCESSIVE', { error });
}

function warnOfFewIterations(mechanism: ScramMechanism, peer: string, iterations: number, scope: Scope): void {
  if (iterations >= fewestIterations) return;
  const message = `${peer} asks for ${iterations} iterations in ${mechanism}, expected at least ${fewestIterations}`;
  scope.warn({ code: 'XMPP_SASL_ITERATIONS_FEW', message });
}

function unproven(peer: string, mechanism: ScramMechanism, did: string): never {
  const code: DiagnosisCode = 'XMPP_SASL_SERVER_UNPROVEN';
  return fail(code, { error: `${peer} ${did}: it did not prove with ${mechanism} that it knows the account` });
}
