import type { AuthorizeContext, Identity } from 'longwave';
import { channels } from './channels.js';

/** Everything that the server knows of the application. The server is made of it, and so is the world of the tests. */
export const rules = {
  channels,
  authenticate: (token: string | undefined): Identity => ({ user: token }),
  /** Everybody may look on; playing takes a name. */
  authorize: ({ user, action }: AuthorizeContext): boolean => action === 'subscribe' || user !== undefined,
};
