// Options of both Longwave peers: what it is by itself, and two bounds that are raised: one publisher stands for many,
// and one address for those of many clients.
import { LongwaveError, defineCalls, defineChannels, log } from 'longwave';
import { token } from './longwave-contract.mjs';

export const options = {
  channels: defineChannels({ 'room/:id': log() }),
  calls: defineCalls({ echo: { input: undefined, handle: (/** @type {unknown} */ data) => data } }),
  authenticate(/** @type {string | undefined} */ given) {
    if (given !== token) throw new LongwaveError('unauthenticated');
    return {};
  },
  authorize: (/** @type {{ action: string }} */ { action }) => action === 'subscribe' || action === 'publish',
  limits: { framesPerSecond: 1_000_000, addressFramesPerSecond: 1_000_000 },
};
