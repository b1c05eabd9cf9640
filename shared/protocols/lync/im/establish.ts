import { fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { addressOf, isSameUser } from '../../sip/address.js';
import { diagnoseCut } from '../../sip/diagnoseCut.js';
import { headerValue, type RawMessage } from '../../sip/rawMessage.js';
import { diagnoseLync } from '../diagnostics/diagnoseLync.js';
import type { SessionDialog } from '../session/dialog.js';
import { endedEarly } from '../session/endedEarly.js';
import type { IncomingCall } from '../session/incomingCall.js';
import type { OutgoingCall } from '../session/outgoingCall.js';
import { describesMessages, type SessionDescription } from '../session/sessionDescription.js';
import { diagnoseEnd, diagnoseInvite, type Parties } from './diagnoseSession.js';

/** Both ends of a session between two users of one run. */
export interface SessionEnds extends Parties {
  readonly call: OutgoingCall;
  readonly invitation: IncomingCall;
}

/** A conversation id of eight hexadecimal digits that no other run has: clients of Lync write it as a decimal number. */
export function conversationIdOf(hex: string): string {
  return String(Number.parseInt(hex, 16));
}

/** What an INVITE for messages has beside its description (MS-SIP 2.2). A conversation id that came before is refused. */
export function invitationHeaders(conversationId: string): string[] {
  return ['Supported: ms-sender', `Ms-Conversation-ID: ${conversationId}`];
}

/** Is it the INVITE of this run? The server may have left its id out. */
export function isInvitation(invite: RawMessage, conversationId: string, from: string): boolean {
  const named = headerValue(invite, 'ms-conversation-id');
  return named === undefined
    ? isSameUser(addressOf(headerValue(invite, 'from') ?? '') ?? '', from)
    : named === conversationId;
}

/**
 * Invites, until it rings at the other side. Throws a `ProbeError` when it was refused, answered by somebody else, or did not come.
 */
export async function ring(
  ends: SessionEnds,
  conversationId: string,
  offer: SessionDescription,
  scope: Scope,
): Promise<void> {
  const { call, invitation, from, to, peer } = ends;
  const answered = new AbortController();
  call.start({ headers: invitationHeaders(conversationId), body: offer }, scope);
  void call.settled.then(() => answered.abort());
  const arrival = await invitation.rung(endedEarly(scope, answered.signal));
  if (arrival.kind === 'item') return requireDescription(arrival.item.raw.body, `the INVITE of ${from} reached ${to}`);
  if (arrival.kind === 'ended') {
    throw new ProbeError(diagnoseCut(`the INVITE of ${from}`, peer, arrival.end, 'IM_CONNECTION_LOST'));
  }
  const answer = await call.answered(scope);
  if (answer.kind === 'timeout' && answer.provisional !== undefined) {
    const error = `INVITE was answered ${answer.provisional}, but did not reach ${to} within ${answer.limitMs} ms`;
    fail('IM_INVITATION_NOT_DELIVERED', { error });
  }
  const found = diagnoseInvite(answer, ends);
  if (found) throw new ProbeError(found);
  fail('IM_INVITATION_TAKEN_ELSEWHERE', {
    error: `INVITE was accepted in the name of ${to}, but did not reach the prober`,
  });
}

/** Accepts what rings, until both sides know of it. Throws a `ProbeError` otherwise. */
export async function connect(ends: SessionEnds, accepted: SessionDescription, scope: Scope): Promise<SessionDialog> {
  const { call, invitation, to } = ends;
  invitation.accept({ body: accepted });
  const answer = await call.answered(scope);
  const found = diagnoseInvite(answer, ends);
  if (found) throw new ProbeError(found);
  if (answer.kind === 'response')
    requireDescription(answer.message.body, `${ends.peer} answered INVITE with ${answer.status}`);
  const { dialog } = invitation;
  if (!dialog) throw new Error('nothing was accepted');
  await awaitConfirmation(dialog, `the ACK for ${to}`, ends.peer, scope);
  return dialog;
}

/** Ends the session from the inviting side, and from the other, if that is ours, where that did not reach it. Warns when nobody confirms. */
export async function hangUp(
  { call, invitation, peer }: Pick<SessionEnds, 'call' | 'peer'> & Partial<Pick<SessionEnds, 'invitation'>>,
  scope: Scope,
): Promise<void> {
  for (const side of [call, invitation]) {
    const answer = await side?.end(scope);
    const found = answer && diagnoseLync('BYE', peer, answer);
    if (!found) continue;
    if (answer.kind !== 'timeout' && answer.kind !== 'response') throw new ProbeError(found);
    scope.warn({ code: 'IM_BYE_UNANSWERED', message: found.error });
  }
}

async function awaitConfirmation(dialog: SessionDialog, awaited: string, peer: string, scope: Scope): Promise<void> {
  for (;;) {
    const arrival = await dialog.next(scope);
    if (arrival.kind === 'ended') throw new ProbeError(diagnoseCut(awaited, peer, arrival.end, 'IM_CONNECTION_LOST'));
    if (arrival.kind === 'timeout') {
      fail('IM_SESSION_NOT_CONFIRMED', { error: `${awaited} did not come within ${arrival.limitMs} ms` });
    }
    if (arrival.item.method === 'ACK') return;
    if (dialog.endedBy) throw new ProbeError(diagnoseEnd(dialog.endedBy, `${awaited} was awaited`));
  }
}

function requireDescription(body: string, what: string): void {
  if (describesMessages(body)) return;
  fail('IM_SESSION_DESCRIPTION_MISSING', {
    error: `${what} without a description of a session for messages (m=message)`,
  });
}
