import { challengeFaults } from './challengeFaults.js';
import { connectionFaults } from './connectionFaults.js';
import type { Fault } from './fault.js';
import { registerFaults } from './registerFaults.js';
import { wireFaults } from './wireFaults.js';

/** Every fault, in the order in which several of them act: from the port up to the bytes of an answer. */
export const faults: readonly Fault[] = [...connectionFaults, ...challengeFaults, ...registerFaults, ...wireFaults];
