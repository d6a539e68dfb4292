'use client';

import { type Client, connect } from 'longwave/client';
import { createHooks } from 'longwave/react';
import { type ReactNode, useEffect, useState } from 'react';
import type { channels } from '../channels.js';

export const { LongwaveProvider, useChannel } = createHooks<typeof channels>();

/** Opens the client in the browser alone: on the server nothing connects, and nothing of it is rendered. */
export function Realtime({ children }: { readonly children: ReactNode }) {
  const [client, setClient] = useState<Client<typeof channels>>();
  useEffect(() => {
    const opened = connect<typeof channels>(location.origin);
    setClient(opened);
    return () => opened.close();
  }, []);
  return client ? <LongwaveProvider client={client}>{children}</LongwaveProvider> : null;
}
