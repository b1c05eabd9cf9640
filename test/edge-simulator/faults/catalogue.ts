import { challengeFaults } from './challengeFaults.js';
import { connectionFaults } from './connectionFaults.js';
import type { Fault } from './fault.js';
import { lyncFaults } from './lyncFaults.js';
import { messageFaults } from './messageFaults.js';
import { notifyFaults } from './notifyFaults.js';
import { presenceFaults } from './presenceFaults.js';
import { registerFaults } from './registerFaults.js';
import { wireFaults } from './wireFaults.js';

/** Every fault, in the order in which several of them act: from the port up to the bytes of an answer. */
export const faults: readonly Fault[] = [
  ...connectionFaults,
  ...challengeFaults,
  ...registerFaults,
  ...presenceFaults,
  ...notifyFaults,
  ...messageFaults,
  ...lyncFaults,
  ...wireFaults,
];
