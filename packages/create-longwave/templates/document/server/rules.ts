import type { AuthorizeContext } from 'longwave';
import { channels } from '../shared/channels.js';

/** Everything that the server knows of the application. The server is made of it, and so is the world of the tests. */
export const rules = {
  channels,
  // The token is a name that anybody may choose. Verify who connects with `jwt({ ... })` of longwave/auth in its place.
  authenticate: (token: string | undefined) => ({ user: token }),
  // Everybody may read. Users with a name may write, and are seen.
  authorize: ({ action, user }: AuthorizeContext) => action === 'subscribe' || user !== undefined,
};
