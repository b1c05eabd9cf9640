import type { Dialect } from '../domain/edge.js';
import { dialectOf } from './accountChecks.js';
import type { EdgeDraft, TransactionsDraft } from './draft.js';
import { isBareJid } from './formats.js';
import type { Finding, Path } from './problems.js';

/** What is wrong with an edge's transactions, each taken as a whole. `path` is the edge's. */
export function transactionFindings(edge: EdgeDraft, path: Path): readonly Finding[] {
  const transactions = edge.transactions ?? {};
  const dialect = dialectOf(edge);
  const at = [...path, 'transactions'];
  return [
    ...presence(transactions.presence, [...at, 'presence']),
    ...receiver(transactions['xmpp-im']?.receiver, [...at, 'xmpp-im', 'receiver']),
    ...chat(transactions['persistent-chat'], [...at, 'persistent-chat'], dialect),
    ...push(transactions, at, dialect),
    ...relay(transactions['av-edge'], [...at, 'av-edge'], dialect),
  ];
}

function presence(settings: TransactionsDraft['presence'], path: Path): readonly Finding[] {
  const { notifyTimeoutMs = 25_000, deadlineMs } = settings ?? {};
  if (deadlineMs === undefined || notifyTimeoutMs < deadlineMs) return [];
  const message = `is ${notifyTimeoutMs}; expected less than deadlineMs, which is ${deadlineMs}`;
  return [{ path: [...path, 'notifyTimeoutMs'], message }];
}

type UserDraft = NonNullable<NonNullable<TransactionsDraft['xmpp-im']>['receiver']>;

function receiver(user: UserDraft | undefined, path: Path): readonly Finding[] {
  if (user === undefined || 'jid' in user || 'sipAddress' in user) return [];
  return [{ path: [...path, 'jid'], message: 'is missing; expected jid, sipAddress or both' }];
}

function chat(
  settings: TransactionsDraft['persistent-chat'],
  path: Path,
  dialect: Dialect | undefined,
): readonly Finding[] {
  if (settings === undefined || dialect === undefined) return [];
  const findings = (['first', 'second'] as const).flatMap((role): readonly Finding[] => {
    const at = [...path, role];
    if (dialect === 'rfc') {
      return role in settings
        ? receiver(settings[role], at)
        : [{ path: at, message: 'is missing; expected the XMPP user who enters the room' }];
    }
    return role in settings
      ? [{ path: at, message: 'is for dialect rfc; expected to be absent: in lync the test accounts enter the room' }]
      : [];
  });
  const { room } = settings;
  if (dialect === 'lync') {
    const message = 'is for dialect rfc; expected to be absent: in lync an administrator makes the room';
    return 'create' in settings ? [...findings, { path: [...path, 'create'], message }] : findings;
  }
  if (room === undefined || isBareJid(room)) return findings;
  const message = 'expected the bare JID of the room, such as probes@conference.contoso.com';
  return [...findings, { path: [...path, 'room'], message }];
}

function push(transactions: TransactionsDraft, at: Path, dialect: Dialect | undefined): readonly Finding[] {
  if (dialect !== 'rfc' || !('push-notification' in transactions)) return [];
  return [{ path: [...at, 'push-notification'], message: 'is for dialect lync; expected to be absent' }];
}

function relay(settings: TransactionsDraft['av-edge'], path: Path, dialect: Dialect | undefined): readonly Finding[] {
  if (settings === undefined) return [];
  const has = (key: 'userName' | 'password' | 'sharedSecret') => key in settings;
  if (has('sharedSecret') && has('password')) {
    return [{ path: [...path, 'sharedSecret'], message: 'stands beside password; expected one of the two' }];
  }
  if (has('password') && !has('userName')) {
    return [{ path: [...path, 'userName'], message: 'is missing; expected the user whose password is given' }];
  }
  if (has('userName') && !has('password') && !has('sharedSecret')) {
    return [{ path: [...path, 'password'], message: 'is missing; expected password or sharedSecret beside userName' }];
  }
  const foreign = dialect === 'lync' ? (['sharedSecret', 'tlsPort'] as const).filter((key) => key in settings) : [];
  return foreign.map((key) => ({ path: [...path, key], message: 'is for dialect rfc; expected to be absent' }));
}
