import type { FeedMessage } from '../../shared/compare.js';
import type { Lane, LaneOptions } from './lane.js';

/** Asks again and again what has come since, without anything of Longwave. */
export function openPollingLane({ url, tally, cable, pollMs, onMessage, onStatus }: LaneOptions): Lane {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAt = 0;
  let after: number | undefined;

  const ask = async (): Promise<void> => {
    timer = undefined;
    askedAt = performance.now();
    tally.requests++;
    try {
      if (cable.state.get().cutAt !== undefined) throw new Error('The network is cut.');
      const query = after === undefined ? '' : `?after=${after}`;
      const response = await fetch(`${url}/messages${query}`, {
        cache: 'no-store',
        credentials: 'omit',
        signal: abort.signal,
      });
      if (!response.ok) throw new Error(`The server answered ${response.status}.`);
      const body = await response.arrayBuffer();
      tally.contentDown += body.byteLength;
      const messages = JSON.parse(new TextDecoder().decode(body)) as (FeedMessage & { offset: number })[];
      onStatus('connected');
      for (const message of messages) {
        after = message.offset;
        onMessage(message);
      }
    } catch {
      if (!abort.signal.aborted) onStatus('failing');
    }
    if (!abort.signal.aborted) schedule();
  };
  // From asking to asking: what an answer takes is no pause. Never two at a time.
  const schedule = (): void => {
    timer = setTimeout(() => void ask(), Math.max(0, askedAt + pollMs() - performance.now()));
  };

  void ask();
  return {
    intervalChanged: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      schedule();
    },
    close: () => {
      abort.abort();
      clearTimeout(timer);
    },
  };
}
