import { fail, ProbeError } from '../domain/diagnosis.js';
import type { AccountRole } from '../domain/edge.js';
import type { Scope } from '../domain/scope.js';
import { isSameUser } from '../protocols/sip/address.js';
import { diagnoseCut } from '../protocols/sip/diagnoseCut.js';
import type { ReceivedMessage } from '../protocols/sip/im/receivedMessage.js';
import type { Arrival } from '../protocols/sip/inbox.js';
import { type CrossingMessage, diagnoseUndelivered } from '../protocols/xmpp/client/diagnoseDelivery.js';
import { diagnoseStanzaError } from '../protocols/xmpp/client/diagnoseStanzaError.js';
import type { XmppMessage } from '../protocols/xmpp/client/message.js';
import type { XmppClient } from '../protocols/xmpp/client/xmppClient.js';
import { judgeRoute } from '../protocols/xmpp/federation/judgeRoute.js';
import { deadlines } from '../run/deadlines.js';
import type { RunContext } from '../run/transaction.js';

/** Where a domain without records has its XMPP server (RFC 6120 section 14.7). */
const serverPort = 5269;

/** The steps after the message was taken. The first of them also has the time to look at the gateway. */
export const crossingSteps = {
  'receive-message': { deadlineMs: deadlines.requestMs + 15_000 },
  'send-reply': { deadlineMs: deadlines.requestMs },
  'receive-reply': { deadlineMs: deadlines.requestMs },
} as const;

type Context = Pick<
  RunContext<keyof typeof crossingSteps, AccountRole, 'xmpp-im'>,
  'step' | 'within' | 'ports' | 'edge' | 'token'
>;

/** The SIP user's end: where the reply comes in. Throws a `ProbeError` where the gateway has ended what the message went through. */
export interface SipEnd {
  readonly peer: string;
  nextMessage(scope: Scope): Promise<Arrival<ReceivedMessage>>;
}

/** Sees a message arrive at its XMPP user, who replies, and sees the reply come back to the SIP user. Throws a `ProbeError`. */
export async function seeRoundTrip(
  { step, within, ports, edge, token }: Context,
  sent: CrossingMessage,
  ends: { readonly sender: SipEnd; readonly receiver: XmppClient; readonly receiverSipAddress: string },
  replyText: (token: string) => string,
): Promise<void> {
  const { sender, receiver, receiverSipAddress } = ends;
  const delivered = await step('receive-message', async (scope) => {
    const awaited = await within(scope, deadlines.requestMs, (inner) =>
      firstOf(
        inner,
        (until) => receiver.awaitMessage({ token: sent.token }, until),
        (until) => failWithEnd(sender, `the message of ${sent.from} to ${sent.to}`, until),
      ),
    );
    if (awaited.kind === 'message') return requireSender(awaited.message, sent, scope);
    const trouble = awaited.kind === 'timeout' ? await gatewayTrouble(ports, edge.sipDomain, scope) : undefined;
    throw new ProbeError(diagnoseUndelivered(sent, receiver.peer, awaited, trouble));
  });

  const mark = token(24);
  const reply = { to: delivered.from, text: replyText(mark), id: token(16) };
  await step('send-reply', async () => receiver.sendMessage(reply));
  await step('receive-reply', async (scope) => {
    const expected = { token: mark, text: reply.text, from: receiverSipAddress, to: sent.from };
    await firstOf(
      scope,
      (until) => awaitReply(sender, expected, until),
      async (until) => {
        const outcome = await receiver.awaitMessage({ token: mark, sentId: reply.id }, until);
        if (outcome.kind !== 'refused') return;
        throw new ProbeError(diagnoseStanzaError(`the reply to ${reply.to}`, outcome.error));
      },
    );
  });
}

/** What `work` comes to, unless `watch` throws before; whichever is first ends the other. */
async function firstOf<T>(
  scope: Scope,
  work: (scope: Scope) => Promise<T>,
  watch: (scope: Scope) => Promise<void>,
): Promise<T> {
  const over = new AbortController();
  const until: Scope = { ...scope, signal: AbortSignal.any([scope.signal, over.signal]) };
  const failed = new Promise<never>((_, reject) => {
    watch(until).catch(reject);
  });
  return Promise.race([work(until), failed]).finally(() => over.abort());
}

/** Throws when the SIP user's side of it ends; passes over what others send. */
async function failWithEnd(sender: SipEnd, awaited: string, scope: Scope): Promise<void> {
  for (;;) {
    const event = await sender.nextMessage(scope);
    if (event.kind === 'timeout') return;
    if (event.kind === 'ended')
      throw new ProbeError(diagnoseCut(awaited, sender.peer, event.end, 'IM_CONNECTION_LOST'));
  }
}

/** Says that nobody was there to see the message arrive. */
export function warnOfUnseen(
  peer: string,
  receiver: { readonly jid: string; readonly sipAddress: string },
  scope: Scope,
): void {
  const message = `${peer} took the message for ${receiver.sipAddress}; nobody signed in as ${receiver.jid} to see it arrive`;
  scope.warn({ code: 'XMPP_DELIVERY_UNSEEN', message });
}

interface ExpectedReply {
  readonly token: string;
  readonly text: string;
  /** SIP addresses. */
  readonly from: string;
  readonly to: string;
}

async function awaitReply(sender: SipEnd, expected: ExpectedReply, scope: Scope): Promise<void> {
  for (;;) {
    const event = await sender.nextMessage(scope);
    const awaited = `the reply of ${expected.from}`;
    if (event.kind === 'ended')
      throw new ProbeError(diagnoseCut(awaited, sender.peer, event.end, 'IM_CONNECTION_LOST'));
    if (event.kind === 'timeout') {
      fail('XMPP_REPLY_LOST', { error: `${awaited} did not reach ${expected.to} within ${event.limitMs} ms` });
    }
    const { text, from } = event.item;
    if (!text?.includes(expected.token)) continue;
    if (from === undefined || !isSameUser(from, expected.from)) {
      fail('IM_SENDER_WRONG', { error: `${awaited} reached ${expected.to} in the name of ${from ?? 'nobody'}` });
    }
    return warnIfAltered(expected.text, text, awaited, scope);
  }
}

function requireSender(message: XmppMessage, sent: CrossingMessage, scope: Scope): { readonly from: string } {
  const { from, text } = message;
  const what = `the message of ${sent.from}`;
  if (from === undefined) {
    return fail('XMPP_MESSAGE_WITHOUT_SENDER', {
      error: `${what} reached ${sent.to} without an address of its sender`,
    });
  }
  scope.observe({ senderAtPartner: from });
  warnIfAltered(sent.text, text, what, scope);
  return { from };
}

function warnIfAltered(expected: string, got: string, what: string, scope: Scope): void {
  if (got === expected) return;
  const [bytes, before] = [Buffer.byteLength(got), Buffer.byteLength(expected)];
  const how = bytes === before ? `other ones among its ${bytes} bytes` : `${bytes} bytes in place of ${before}`;
  scope.warn({ code: 'XMPP_TEXT_ALTERED', message: `${what} arrived altered: ${how}` });
}

/** What is wrong with the domain's own XMPP servers, looked at as a partner does; undefined when nothing is. */
async function gatewayTrouble(ports: Context['ports'], domain: string, scope: Scope): Promise<string | undefined> {
  const quiet: Scope = { ...scope, observe: () => {}, warn: () => {} };
  try {
    const route = await ports.findXmppRoute(domain, serverPort, quiet);
    const probed = await ports.probeXmppTargets(await ports.resolveXmppTargets(route, quiet), domain, quiet);
    return judgeRoute(route, probed, { expectActive: undefined, expectStandby: [], port: serverPort }).failure?.error;
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    return error.diagnosis.error;
  }
}
