import { chatMessageFaults } from './chatMessageFaults.js';
import { chatReplyFaults } from './chatReplyFaults.js';
import { chatServiceFaults, chatTimerFaults } from './chatServiceFaults.js';
import type { Fault } from './fault.js';

/** Faults of the Persistent Chat service: who may use it, how it is reached, what it replies and what becomes of messages. */
export const chatFaults: readonly Fault[] = [
  ...chatServiceFaults,
  ...chatTimerFaults,
  ...chatReplyFaults,
  ...chatMessageFaults,
];
