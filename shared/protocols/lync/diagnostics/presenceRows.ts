import type { Row } from './row.js';

/** 2000 to 2999: presence. */
export const presenceRows: readonly Row[] = [
  [2000, 'published', 'the subscriber who was to be asked does not exist'],
  [2001, 'published', 'the contact does not exist', 'The contact is wrong.'],
  [2002, 'published', 'the group does not exist'],
  [2003, 'published', 'the category is read-only', 'The publication names a wrong category or container.'],
  [2004, 'published', 'the subscriber is not authorised', 'Privacy settings, or the containers of the publisher.'],
  [2005, 'published', 'the user in From was not found', 'The account was removed.'],
  [2006, 'published', 'the container is full'],
  [2007, 'published', 'there are too many contacts'],
  [2008, 'published', 'there are too many groups'],
  [2009, 'published', 'the extension of the contact is too large'],
  [2010, 'published', 'the value of the category is too large', 'A note that is too long.'],
  [2011, 'published', 'the subscriber has too many subscriptions', 'Runs left subscriptions behind.'],
  [2012, 'published', 'there are too many subscriptions to the category', 'Runs left subscriptions behind.'],
  [2013, 'published', 'the client must support msrtc-event-categories', 'Supported was missing at the sign-in.'],
  [2014, 'published', 'the subscription does not exist', 'The server lost its state.'],
  [2015, 'published', 'the name of the group is taken'],
  [2016, 'published', 'a new subscription is needed', 'Subscribe again.'],
  [2139, 'observed', 'a newer subscription took the place of this one', 'Two probers use one account.'],
  [2165, 'observed', 'the contacts are kept in Exchange', 'Not a fault: the unified contact store.'],
];
