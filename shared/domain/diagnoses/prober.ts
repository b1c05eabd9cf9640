import type { CatalogueEntry } from '../diagnosis.js';

/** Trouble of our own. None of it says anything about the Edge. */
export const prober = {
  PROBER_UNEXPECTED_ERROR: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The monitoring itself failed; this says nothing about the service.',
    causes: [
      'A mistake in the prober.',
      'A setting that was accepted and yet cannot work, for instance a file that vanished after the start.',
      'The machine of the prober is out of memory or disk space.',
    ],
    next: [
      'Repeat the run where you can watch it: `edge-probes run <transaction> --edge <edge-name> --verbose`.',
      'If it fails again, see that the file and what it names are sound: `edge-probes check-config`.',
      'Report it with the output of `--json` and the version; it holds no password.',
    ],
  },
  PROBER_STEP_UNSETTLED: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'A part of the monitoring did not end in time; this says nothing about the service.',
    causes: [
      'A mistake in the prober or in a library it uses: it went on waiting although its deadline had passed.',
      'The process was suspended in the middle of the step: a paused container, a laptop that slept.',
    ],
    next: [
      'See whether it is always the same step: `edge-probes run <transaction> --edge <edge-name> --verbose`.',
      'In Azure: start the function app anew, which ends what still hangs: `az functionapp restart --name <function-app> --resource-group <group>`.',
      'Report the name of the step, with a trace of the run: `--trace trace.txt`.',
    ],
  },
  PROBER_EVENT_LOOP_STARVED: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The monitoring machine was too busy to measure; this says nothing about the service.',
    causes: [
      'Too many transactions run at the same moment on too small an instance.',
      'Another process, or another function app on the same plan, takes the processor.',
      'The instance was just started and is still loading (cold start).',
    ],
    next: [
      'Look at eventLoopDelayMs and coldStart of the runs around it: `edge-probes run <transaction> --edge <edge-name> --json`.',
      'In Azure: see the processor time of the plan in the portal (Diagnose and solve problems, High CPU) and choose a larger instance if it stays high.',
      'Spread the schedules in probes.json: `edge-probes list` shows when each transaction starts.',
    ],
  },
  PROBER_SOCKETS_EXHAUSTED: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The monitoring machine could not open a connection of its own; this says nothing about the service.',
    causes: [
      'The process has as many files and sockets open as the system allows.',
      'In Azure: the outbound ports of the instance (SNAT) are used up, often by another app on the same plan.',
      'The local ports are used up by short connections that wait to be released.',
    ],
    next: [
      'Count them: `ss -s`, and compare the open files with the limit: `ls /proc/<pid>/fd | wc -l` and `ulimit -n`.',
      'In Azure: portal, Diagnose and solve problems, SNAT Port Exhaustion; a NAT gateway gives the network more ports.',
      'If it is the prober that holds ever more of them, report it and restart it meanwhile: `az functionapp restart --name <function-app> --resource-group <group>`.',
    ],
  },
  PROBER_RUN_ABORTED: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The monitoring was stopped before it could finish; this says nothing about the service.',
    causes: [
      'Somebody ended the prober while it ran (Ctrl-C, a stop of the service).',
      'A deployment, a scale-in or a platform update replaced the instance.',
    ],
    next: [
      'Nothing, if it happened once: the next run tells.',
      'If it happens at every run, see who ends it: in Azure the activity log, `az monitor activity-log list --resource-group <group> --offset 1h`; elsewhere the log of the service manager, `journalctl -n 100`.',
    ],
  },
  PROBER_ACCOUNT_BUSY: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The test account was in use by another run of the monitoring; this says nothing about the service.',
    causes: [
      'Too many transactions and regions share one pair of test accounts for the schedules they have.',
      'Runs take long at the moment (a silent server, a late message), so that those behind them wait in vain.',
      'A prober was killed in mid-run: its accounts come free by themselves, about a minute after the longest run.',
    ],
    next: [
      'See how long runs wait: leaseWaitMs in the result, `edge-probes run <transaction> --edge <edge-name> --json` and the stored runs around it.',
      'Give a region, or each of them, a pair of its own: accountsByRegion in probes.json.',
      'Or let the transactions run less often: `edge-probes list` shows when each one starts.',
    ],
  },
  PROBER_STORAGE_UNREACHABLE: {
    layer: 'prober',
    fault: 'prober',
    meaning: 'The monitoring could not reach its own storage; this says nothing about the service.',
    causes: [
      'The storage account of the results is unavailable, or throttles (503, 429).',
      'The identity of the function app lacks the role Storage Table Data Contributor, or the role is minutes old.',
      'A firewall of the storage account, or a private endpoint without its DNS record, keeps the prober out.',
    ],
    next: [
      'See in the error what was refused. On a laptop: look whether the process of Azurite is still there and the disk is not full.',
      'In Azure: portal, storage account, Insights, Availability; and `az role assignment list --assignee <identity> --scope <storage-account-id> --output table`.',
      'From the command line: add `--force`, which does not ask the storage whether the account is parked.',
      'Expect unknown meanwhile where a test account is needed: without the storage, two regions might sign in with one account at the same time.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
