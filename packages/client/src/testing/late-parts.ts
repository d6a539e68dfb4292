import type { ClientOptions } from '../base/options.js';
import { createSending } from '../sending/sending.js';
import { createStates } from '../client/states.js';
import { createLinkExchange } from '../connection/link-exchange.js';
import { lateParts } from '../late/open-lazy.js';
import { pollTransport, streamTransport } from '../transports/http.js';
import { Harness } from './harness.js';

/** One attempt to load a part. The test decides what becomes of it. */
export interface Load {
  give(): void;
  fail(): void;
}

/** Lets promises that are settled run on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

/** A client whose parts come when the test says so. */
export function startLate(options: ClientOptions = {}) {
  const loads = { states: [] as Load[], sending: [] as Load[], links: [] as Load[] };
  const gate = <T>(attempts: Load[], part: T) => {
    return (): Promise<T> =>
      new Promise((resolve, reject) => {
        attempts.push({ give: () => resolve(part), fail: () => reject(new Error('404')) });
      });
  };
  const h = new Harness(
    options,
    lateParts({
      states: gate(loads.states, { createStates }),
      sending: gate(loads.sending, { createSending }),
      links: gate(loads.links, { createLinkExchange, streamTransport, pollTransport }),
    }),
  );
  return { h, loads };
}
