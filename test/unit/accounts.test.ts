import { describe, expect, test } from 'vitest';
import { accountSettings, resolveAccounts, secretOf } from '../../shared/accounts.js';
import type { EdgeSettings } from '../../shared/config/settings.js';
import type { AccountRole } from '../../shared/domain/edge.js';
import { sampleTransaction } from '../fakes/sampleTransaction.js';
import { edge, file, settingsOf } from './config/samples.js';

const member = (jid: string) => ({ jid, password: { env: `${jid[0]?.toUpperCase()}_PASSWORD` } });
const room = {
  room: 'probes@rooms.partner.example',
  first: member('a@partner.example'),
  second: member('b@p.example'),
};

function settings(transactions: Record<string, unknown>): EdgeSettings {
  const [only] = settingsOf(file({}, edge({ dialect: 'rfc', transactions }))).edges;
  if (!only) throw new Error('the file has an edge');
  return only;
}

function signingIn(accounts: AccountRole[], optionalAccounts: AccountRole[] = []) {
  return sampleTransaction(async () => {}, { accounts, optionalAccounts });
}

describe('the accounts of a run', () => {
  test('are the test accounts of the edge by their role', () => {
    const roles = accountSettings(signingIn(['second']), settings({ im: {} }), 'local').map(([role]) => role);

    expect(roles).toEqual(['second']);
  });

  test('have an XMPP receiver where its password is configured', () => {
    const receiver = { jid: 'adelaney@partner.example', password: { env: 'ADELANEY_PASSWORD' } };
    const found = accountSettings(signingIn([], ['receiver']), settings({ 'xmpp-im': { receiver } }), 'local');

    expect(found).toEqual([
      [
        'receiver',
        {
          sipAddress: 'sip:adelaney@partner.example',
          userName: 'adelaney@partner.example',
          password: { env: 'ADELANEY_PASSWORD' },
        },
      ],
    ]);
  });

  test('have none where nobody is to sign in as the receiver', () => {
    const without = settings({ 'xmpp-im': { receiver: { jid: 'adelaney@partner.example' } } });

    expect(accountSettings(signingIn([], ['receiver']), without, 'local')).toEqual([]);
  });

  test('have nobody who asks for relay credentials where they are configured', () => {
    const relay = { userName: 'probe', password: { env: 'RELAY_PASSWORD' } };
    const asking = { ...signingIn([], ['first']), name: 'av-edge' };
    const roles = [{}, relay].map((more) =>
      accountSettings(asking, settings({ 'av-edge': more, im: {} }), 'local').map(([role]) => role),
    );

    expect(roles).toEqual([['first'], []]);
  });

  test('are the members of an XMPP room with their secrets looked up', () => {
    const variables = { A_PASSWORD: 'one', B_PASSWORD: 'two' };
    const wanted = signingIn(['firstMember', 'secondMember']);
    const accounts = resolveAccounts(wanted, settings({ 'persistent-chat': room }), 'local', variables);

    if ('missing' in accounts) throw new Error(accounts.missing.error);
    expect(accounts.secondMember?.userName).toBe('b@p.example');
    expect(accounts.firstMember?.password.reveal()).toBe('one');
  });

  test('name the first secret that is missing', () => {
    const wanted = signingIn(['firstMember', 'secondMember']);

    expect(resolveAccounts(wanted, settings({ 'persistent-chat': room }), 'local', {})).toMatchObject({
      missing: {
        code: 'CONFIG_SECRET_MISSING',
        error: 'password of sip:a@partner.example: environment variable A_PASSWORD is not set',
      },
    });
  });
});

test('a secret that is no account says whose it is when it is missing', () => {
  expect(() => secretOf({ env: 'TURN_SECRET' }, {}, 'a secret of av-edge')).toThrow(
    'a secret of av-edge: environment variable TURN_SECRET is not set',
  );
});
