import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../shared/domain/clock.js';
import type { Account, Edge } from '../../../shared/domain/edge.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { findAccessEdge } from '../../../shared/protocols/dns/findAccessEdge.js';
import { openLyncUserAgent } from '../../../shared/protocols/lync/lyncUserAgent.js';
import { connectTcp } from '../../../shared/protocols/net/connectTcp.js';
import { startTls, withoutTls } from '../../../shared/protocols/net/startTls.js';
import type { AccessEdgeTarget } from '../../../shared/protocols/net/target.js';
import { secureContext, type TlsPolicy } from '../../../shared/protocols/net/trust.js';
import { formatTrace } from '../../../shared/protocols/sip/trace.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import type { Transaction } from '../../../shared/run/transaction.js';
import type { StepEvent } from '../../../shared/run/world.js';
import { registration } from '../../../shared/transactions/registration.js';
import type { EdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { fakePorts } from '../../fakes/fakePorts.js';
import { fakeResolver } from '../../fakes/fakeResolver.js';
import { sampleEdge, sampleSettings, world } from '../../fakes/world.js';

export interface LyncRun {
  /** In the place of `registration`. */
  readonly transaction?: Transaction;
  readonly notifyTimeoutMs?: number;
  readonly account?: Partial<Account>;
  readonly secondAccount?: Partial<Account>;
  /** Of the whole run. */
  readonly deadlineMs?: number;
  readonly onStep?: (event: StepEvent) => void;
  readonly edge?: Partial<Edge>;
  /** Where a redirect to contoso.test:5061 leads; without it that name has no address. */
  readonly second?: EdgeSimulator;
}

export interface LyncRunOutcome {
  readonly result: TransactionResult;
  /** The trace as it would be written to a file. */
  readonly trace: string;
}

/** Runs a transaction in dialect lync once, with real sockets, at a simulator. */
export async function runLync(simulator: EdgeSimulator, run: LyncRun = {}): Promise<LyncRunOutcome> {
  const { address, host, port, domain, users } = simulator;
  let trace = '';
  const accessEdge = { host, port, transport: 'tls', address } as const;
  const edge = sampleEdge({ dialect: 'lync', sipDomain: domain, accessEdge, ...run.edge });
  const policy: TlsPolicy = {
    ca: `${simulator.ca}\n${run.second?.ca ?? ''}`,
    minVersion: 'TLSv1.2',
    warnDays: 21,
  };
  const context = secureContext(policy);
  const resolver = fakeResolver(run.second ? { 'A contoso.test': ['127.0.0.1'] } : {});
  const result = await runTransaction(
    run.transaction ?? registration,
    world({
      edge,
      accounts: { first: { ...users.pilar, ...run.account }, second: { ...users.kenmyer, ...run.secondAccount } },
      settings: sampleSettings({ notifyTimeoutMs: run.notifyTimeoutMs ?? 1_000 }),
      clock: systemClock,
      token: (length) => randomBytes(length).toString('hex').slice(0, length),
      trigger: 'cli',
      scheduledAt: undefined,
      deadlineMs: run.deadlineMs,
      ...(run.onStep ? { onStep: run.onStep } : {}),
      ports: {
        ...fakePorts(),
        findAccessEdge: (asked, scope) => findAccessEdge(asked, resolver, () => 0, scope),
        connectTcp: (target, scope) => connectTcp(leadTo(target, run.second), systemClock, scope),
        startTls: (tcp, scope) => startTls(tcp, context, policy, systemClock, scope),
        withoutTls,
        openLyncUserAgent: (connection, { sipDomain }, account) =>
          openLyncUserAgent(connection, {
            account,
            sipDomain,
            userAgent: 'edge-probes/test',
            clock: systemClock,
            randomBytes,
            trace: (entry) => {
              trace += formatTrace(entry);
            },
          }),
      },
    }),
  );
  return { result, trace };
}

/** A redirect names a well-known port; the second simulator has another one. */
function leadTo(target: AccessEdgeTarget, second: EdgeSimulator | undefined): AccessEdgeTarget {
  if (second === undefined) return target;
  const candidates = target.candidates.map((one) => (one.port === 5061 ? { ...one, port: second.port } : one));
  return { ...target, candidates };
}
