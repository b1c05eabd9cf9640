import { challengeFaults } from './challengeFaults.js';
import { chatFaults } from './chatFaults.js';
import { connectionFaults } from './connectionFaults.js';
import type { Fault } from './fault.js';
import { federationFaults } from './federationFaults.js';
import { lyncFaults } from './lyncFaults.js';
import { messageFaults } from './messageFaults.js';
import { mrasFaults } from './mrasFaults.js';
import { notifyFaults } from './notifyFaults.js';
import { presenceFaults } from './presenceFaults.js';
import { pushFaults } from './pushFaults.js';
import { registerFaults } from './registerFaults.js';
import { sessionFaults } from './sessionFaults.js';
import { signInFaults } from './signInFaults.js';
import { watchFaults } from './watchFaults.js';
import { wireFaults } from './wireFaults.js';
import { xmppFaults } from './xmppFaults.js';

/** Every fault, in the order in which several of them act: from the port up to the bytes of an answer. */
export const faults: readonly Fault[] = [
  ...connectionFaults,
  ...federationFaults,
  ...challengeFaults,
  ...registerFaults,
  ...presenceFaults,
  ...notifyFaults,
  ...messageFaults,
  ...sessionFaults,
  ...lyncFaults,
  ...signInFaults,
  ...watchFaults,
  ...pushFaults,
  ...mrasFaults,
  ...chatFaults,
  ...xmppFaults,
  ...wireFaults,
];
