import type { AuthorizeContext } from 'longwave';
import { channels } from './channels.js';

/** Everything that the server knows of the application. The server is made of it, and so is the world of the tests. */
export const rules = {
  channels,
  // Everybody may read, and write news. Verify who connects with `authenticate: jwt({ ... })` of longwave/auth.
  authorize: ({ action, channel }: AuthorizeContext) => action === 'subscribe' || channel.startsWith('news/'),
};
