import type { Row } from './row.js';

/** 20000 to 20011: the chat room service, Group Chat and Persistent Chat. */
export const chatRows: readonly Row[] = [
  [20_000, 'published', 'the chat service is busy', 'It is starting, or overloaded.'],
  [20_001, 'published', 'the chat service could not set up the session', 'Its event log says why.'],
  [20_002, 'published', 'the chat service does not know who takes part', 'The invitation names no user.'],
  [20_003, 'published', 'the chat service rejected the session', 'Its event log says why.'],
  [20_004, 'published', 'the chat service failed when it began the session', 'Its event log says why.'],
  [20_005, 'published', 'the chat service failed when the session was about to begin', 'Its event log says why.'],
  [20_006, 'published', 'the chat service does not know the session', 'It was restarted, or the route is wrong.'],
  [20_007, 'published', 'the chat service failed', 'Its event log says why.'],
  [20_008, 'published', 'the chat service takes no further session: its queue is full', 'It is overloaded.'],
  [20_009, 'published', 'the user has as many sessions with the chat service as it may', 'Sessions were left behind.'],
  [
    20_010,
    'published',
    'the chat service does not know the user',
    'The Persistent Chat policy of the user forbids it.',
  ],
  [20_011, 'published', 'the chat service takes no further message: its queue is full', 'It is overloaded.'],
];
