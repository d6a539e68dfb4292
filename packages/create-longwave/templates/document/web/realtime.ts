import { connect } from 'longwave/client';
import { createHooks } from 'longwave/react';
import type { channels } from '../shared/channels.js';

export const { LongwaveProvider, useChannel } = createHooks<typeof channels>();

/** Carets of others have this name. */
export const me = `Guest ${Math.floor(Math.random() * 1000)}`;

/** One client serves the whole page. */
export const client = connect<typeof channels>(location.origin, { token: me });
