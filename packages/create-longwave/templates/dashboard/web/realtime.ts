import { connect } from 'longwave/client';
import { createHooks } from 'longwave/react';
import type { channels } from '../shared/channels.js';

export const { LongwaveProvider, useChannel, useConnection } = createHooks<typeof channels>();

/** One client serves the whole page. */
export const client = connect<typeof channels>(location.origin);
