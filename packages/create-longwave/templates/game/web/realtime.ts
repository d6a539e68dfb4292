import { connect } from 'longwave/client';
import { createHooks } from 'longwave/react';
import type { channels } from '../shared/channels.js';

export const { LongwaveProvider, useChannel } = createHooks<typeof channels>();

export const open = (name: string) => connect<typeof channels>(location.origin, { token: name });
