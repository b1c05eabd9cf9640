import { Socket } from 'node:net';
import { type DiagnosisCode, fail } from '../../shared/domain/diagnosis.js';
import type { Account } from '../../shared/domain/edge.js';
import type { Scope } from '../../shared/domain/scope.js';
import type { LyncChat } from '../../shared/protocols/lync/chat/lyncChat.js';
import type { LyncUserAgent } from '../../shared/protocols/lync/lyncUserAgent.js';
import type { AccessEdgeTarget } from '../../shared/protocols/net/target.js';
import type { SipAnswer } from '../../shared/protocols/sip/answer.js';
import type { Registration } from '../../shared/protocols/sip/diagnoseRegister.js';
import { readMessage } from '../../shared/protocols/sip/rawMessage.js';
import type { SipUserAgent } from '../../shared/protocols/sip/userAgent.js';
import type { XmppClient, XmppSignIn } from '../../shared/protocols/xmpp/client/xmppClient.js';
import type { Route } from '../../shared/protocols/xmpp/federation/findRoute.js';
import type { ProbedTarget } from '../../shared/protocols/xmpp/federation/probeTarget.js';
import type { Ports } from '../../shared/run/ports.js';
import { fakeFederation } from './fakeFederation.js';
import { fakeTurn } from './fakeTurn.js';

/** What a port does when it is asked; by default it works at once. */
export interface PortPlan {
  readonly findAccessEdge?: (scope: Scope) => Promise<AccessEdgeTarget>;
  readonly connectTcp?: (scope: Scope) => Promise<void>;
  readonly startTls?: (scope: Scope) => Promise<void>;
  /** One entry for each REGISTER, in order. */
  readonly register?: readonly RegisterReply[];
  /** What the user agent of an account does beside signing in; what is left out must not be asked for. */
  readonly talk?: (account: Account) => Talk;
  /** The same in dialect lync. */
  readonly lyncTalk?: (account: Account) => LyncTalk;
  /** The client of an XMPP user; without it nothing may ask for one. */
  readonly xmppClient?: (user: XmppSignIn) => XmppClient;
  /** What there is of XMPP federation; without it nothing may ask. */
  readonly xmpp?: { readonly route: Route; readonly probed: readonly ProbedTarget[] };
  /** The chat rooms of an account. */
  readonly chat?: (account: Account) => LyncChat;
}

/** What a signed-in user agent can be asked for. */
export type Talk = Partial<Omit<SipUserAgent, 'register' | 'mayBeRegistered' | 'peer' | 'close'>>;

/** What a user agent can be asked for that is signed in at Lync. */
export type LyncTalk = Partial<Omit<LyncUserAgent, 'register' | 'mayBeRegistered' | 'peer' | 'close'>>;

/** An answer, or an error of layer `auth` that the user agent throws, or whatever a function does. */
export type RegisterReply = SipAnswer | { readonly throws: DiagnosisCode } | ((scope: Scope) => Promise<SipAnswer>);

export interface FakePorts extends Ports {
  /** What was asked for, in order, with the `expires` of each REGISTER; `close tcp` and `close user` at the end. */
  readonly calls: readonly string[];
}

const contactUser = 'probe-abc';
const peer = 'sip.contoso.example at 192.0.2.10:5061';

/** A final answer with the given status, listing the binding or not. */
export function response(status: number, reasonPhrase: string, ...headers: string[]): SipAnswer {
  const head = [`SIP/2.0 ${status} ${reasonPhrase}`, ...headers].join('\r\n');
  return { kind: 'response', status, reasonPhrase, message: readMessage(`${head}\r\n\r\n`) };
}

/** 200 to a REGISTER that was taken. */
export const registered = response(200, 'OK', `Contact: <sip:${contactUser}@192.0.2.1:40000>;expires=90`);
/** 200 to a removal. */
export const removed = response(200, 'OK');

/** Where the sample edge is found. */
export const sampleTarget: AccessEdgeTarget = {
  fqdn: 'sip.contoso.example',
  transport: 'tls',
  candidates: [{ host: 'sip.contoso.example', port: 5061, tlsName: 'sip.contoso.example', addresses: ['192.0.2.10'] }],
};

/** Ports that follow `plan` and keep account of what they were asked. */
export function fakePorts(plan: PortPlan = {}): FakePorts {
  const calls: string[] = [];
  const socket = new Socket();
  const secured = { socket, protocol: 'TLS', peer, close: () => void calls.push('close tls') } as const;
  return {
    calls,
    ...fakeFederation(calls, sampleTarget, secured, response(200, 'OK')),
    turn: fakeTurn(),
    async findAccessEdge(_, scope) {
      calls.push('findAccessEdge');
      return plan.findAccessEdge ? plan.findAccessEdge(scope) : sampleTarget;
    },
    async connectTcp(target, scope) {
      calls.push('connectTcp');
      await plan.connectTcp?.(scope);
      const [candidate] = target.candidates;
      if (!candidate) throw new Error('the target has no candidate');
      return { socket, candidate, peer, close: () => void calls.push('close tcp') };
    },
    async startTls(_, scope) {
      calls.push('startTls');
      await plan.startTls?.(scope);
      return secured;
    },
    withoutTls: () => ({ socket, protocol: 'TCP', peer, close: () => void calls.push('close tcp') }),
    openXmppClient: (user) => planned(plan.xmppClient)(user),
    findXmppRoute: async () => planned(plan.xmpp).route,
    resolveXmppTargets: async () => planned(plan.xmpp).probed.map(({ resolved }) => resolved),
    probeXmppTargets: async () => planned(plan.xmpp).probed,
    openLyncUserAgent: (_connection, _edge, account) =>
      new FakeLyncUserAgent(plan.register ?? [registered, removed], calls, plan.lyncTalk?.(account) ?? {}),
    openLyncChat: (_user, account) => planned(plan.chat)(account),
    openUserAgent: (_connection, _edge, account) =>
      new FakeUserAgent(plan.register ?? [registered, removed], calls, plan.talk?.(account) ?? {}),
  };
}

class FakeUserAgent implements SipUserAgent {
  readonly peer = peer;
  readonly #replies: RegisterReply[];
  readonly #calls: string[];
  readonly #talk: Talk;
  mayBeRegistered = false;

  constructor(replies: readonly RegisterReply[], calls: string[], talk: Talk) {
    this.#replies = [...replies];
    this.#calls = calls;
    this.#talk = talk;
  }

  get unreadMessages(): SipUserAgent['unreadMessages'] {
    return this.#talk.unreadMessages ?? [];
  }

  sendMessage: SipUserAgent['sendMessage'] = (...asked) => planned(this.#talk.sendMessage)(...asked);
  nextMessage: SipUserAgent['nextMessage'] = (...asked) => planned(this.#talk.nextMessage)(...asked);
  openSubscription: SipUserAgent['openSubscription'] = (...asked) => planned(this.#talk.openSubscription)(...asked);
  openPublication: SipUserAgent['openPublication'] = (...asked) => planned(this.#talk.openPublication)(...asked);

  async register({ expires }: { readonly expires: number }, scope: Scope): Promise<Registration> {
    this.#calls.push(`register ${expires}`);
    if (expires > 0) this.mayBeRegistered = true;
    const reply = this.#replies.shift();
    if (!reply) throw new Error('no reply is planned for this REGISTER');
    if ('throws' in reply) {
      this.mayBeRegistered = false;
      fail(reply.throws, { error: `the user agent reports ${reply.throws}` });
    }
    const answer = typeof reply === 'function' ? await reply(scope) : reply;
    if (answer.kind === 'response' && answer.status < 300 === (expires === 0)) this.mayBeRegistered = false;
    return { answer, peer, contactMark: `sip:${contactUser}@` };
  }

  close(): void {
    this.#calls.push('close user');
  }
}

class FakeLyncUserAgent extends FakeUserAgent implements LyncUserAgent {
  readonly strayInfos = 0;
  readonly #lyncTalk: LyncTalk;

  constructor(replies: readonly RegisterReply[], calls: string[], talk: LyncTalk) {
    super(replies, calls, {});
    this.#lyncTalk = talk;
  }

  request: LyncUserAgent['request'] = (...asked) => planned(this.#lyncTalk.request)(...asked);
  openPresence: LyncUserAgent['openPresence'] = () => planned(this.#lyncTalk.openPresence)();
  openCall: LyncUserAgent['openCall'] = (...asked) => planned(this.#lyncTalk.openCall)(...asked);
  expectCall: LyncUserAgent['expectCall'] = (...asked) => planned(this.#lyncTalk.expectCall)(...asked);
  describeSession: LyncUserAgent['describeSession'] = (...asked) => planned(this.#lyncTalk.describeSession)(...asked);
}

function planned<T>(what: T | undefined): T {
  if (what === undefined) throw new Error('this test plans no such request');
  return what;
}
