import type { AuthorizeContext } from 'longwave';
import { jwt } from 'longwave/auth';
import { channels } from '../shared/channels.js';
import { rooms } from '../shared/rooms.js';
import { tokens } from './tokens.js';

/** Everything that the server knows of the application. The server is made of it, and so is the world of the tests. */
export const rules = {
  channels,
  authenticate: jwt(tokens),
  // Users who are signed in may be in every room that there is.
  authorize: ({ params: { room } }: AuthorizeContext) => rooms.some((name) => name === room),
};
