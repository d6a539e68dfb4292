import type { AuthorizeContext } from 'longwave';
import { channels } from '../shared/channels.js';

/** Everything that the server knows of the application. The server is made of it, and so is the world of the tests. */
export const rules = {
  channels,
  // Everybody may look, and only the server writes. Verify who connects with `authenticate: jwt({ ... })` of longwave/auth.
  authorize: ({ action }: AuthorizeContext) => action === 'subscribe',
};
