import { channels } from '../shared/channels.js';

/** Everything that the server knows of the application, beside its rooms. */
export const rules = {
  channels,
  // The token is a name that anybody may choose. Verify who connects with `jwt({ ... })` of longwave/auth in its place.
  authenticate: (token: string | undefined) => ({ user: token?.slice(0, 20) }),
};
