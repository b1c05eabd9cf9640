import type { Row } from './row.js';

/** 3000 to 3999: conferences, which no run uses. */
export const conferenceRows: readonly Row[] = [
  [3000, 'published', 'a conference request is malformed: From, To, target or entity'],
  [3001, 'published', 'a conference request is malformed: From, To, target or entity'],
  [3002, 'published', 'a conference request is malformed: From, To, target or entity'],
  [3003, 'published', 'a conference request is malformed: From, To, target or entity'],
  [3004, 'published', 'the conference command is not known'],
  [3005, 'published', 'the conferencing server cannot be addressed'],
  [3006, 'published', 'the conference command cannot be read'],
  [3007, 'published', 'what was to be added to the conference cannot be read'],
  [3008, 'published', 'the way to enter or authenticate is not valid'],
  [3009, 'published', 'the endpoint of the participant is not valid'],
  [3010, 'published', 'session timers are not supported'],
  [3011, 'published', 'the contact of the conferencing server is wrong'],
  [3012, 'published', 'the address of the conference is not valid'],
  [3013, 'published', 'the address of the conferencing server is not valid'],
  [3014, 'published', 'the participant is not authorised'],
  [3015, 'published', 'attendees may not dial out'],
  [3016, 'published', 'the role is not valid'],
  [3017, 'published', 'an unknown presenter wants to dial out'],
  [3018, 'published', 'the ways to join are not valid'],
  [3019, 'published', 'anonymous users may not go there'],
  [3020, 'published', 'an anonymous user asks for something that is no conference'],
  [3021, 'published', 'the address of an anonymous user is no conference'],
  [3022, 'published', 'the server keeps no conferences'],
];
