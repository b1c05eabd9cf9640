import type { Row } from './row.js';

/** 4000 to 4999: what front ends decide about users. */
export const userRows: readonly Row[] = [
  [4000, 'published', 'the user services refused', 'The reason says why.'],
  [4001, 'published', 'the XML of the request cannot be read', 'A body of the prober is wrong.'],
  [4002, 'published', 'several users have the telephone number of the sender'],
  [
    4003,
    'published',
    'the user may not sign in from outside',
    'The external access policy: the classic reason why sign-in works inside only.',
  ],
  [4004, 'published', 'the credentials belong to another user', 'SIP address and account do not belong together.'],
  [
    4005,
    'published',
    'the user does not exist or is not enabled for SIP',
    'The address is wrong, or the account was never enabled or was disabled.',
  ],
  [4006, 'published', 'the user is not served by this pool', 'A wrong registrar, or data that has not arrived yet.'],
  [4007, 'published', 'nothing of that name exists in this deployment'],
  [4008, 'published', 'the request is too large'],
  [4009, 'published', 'several users have the telephone number that was called'],
  [4010, 'published', 'the endpoint identifier is missing', 'From lacks its epid.'],
  [4011, 'published', 'the epid is missing', 'From lacks its epid.'],
  [4012, 'published', 'the epid is too long', 'More than 16 characters.'],
  [4013, 'published', 'the Content-Type is not the expected one'],
  [4140, 'unconfirmed', 'the user moved, or its sign-in was ended', 'Sign in again.'],
  [4141, 'observed', 'the user was disabled', 'The account was disabled while it was signed in.'],
  [4268, 'observed', 'the registrar refused', 'The reason says why.'],
];
