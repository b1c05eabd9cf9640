import type { AccountRole } from '../../shared/domain/edge.js';
import type { RunContext, Transaction } from '../../shared/run/transaction.js';

type Body = (context: RunContext<string, AccountRole>) => Promise<void>;

/** A transaction with the steps `first`, `second`, `third`, `tidy-up` and `sweep` (a second each) around the given body. */
export function sampleTransaction(run: Body, differs: Partial<Transaction> = {}): Transaction {
  const step = { deadlineMs: 1_000 };
  return {
    name: 'sample',
    title: 'Sample',
    dialects: ['rfc'],
    accounts: [],
    deadlineMs: 10_000,
    steps: {
      first: step,
      second: { ...step, activity: 'Second' },
      third: step,
      'tidy-up': { deadlineMs: 5_000 },
      sweep: { deadlineMs: 5_000 },
    },
    run,
    ...differs,
  };
}
