import type { Bounds } from '@longwave/core';
import type { ChannelBook } from '../checker/channel-book.js';
import type { ChaosNode } from './chaos-node.js';
import { pause } from './pause.js';

const everyMs = 500;

/** Asks the nodes which log each channel is, so that it is known when one began that no client heard of. Call the result to end it. */
export function listenForLogs(nodes: readonly ChaosNode[], books: ReadonlyMap<string, ChannelBook>): () => void {
  const listening = { isOver: false };
  const channels = [...books.keys()];
  const listen = async (node: ChaosNode): Promise<void> => {
    while (!listening.isOver) {
      // One that is down, or has no store, has nothing to say.
      const bounds = (await node.ask({ type: 'bounds', channels }).catch(() => [])) as readonly Bounds[];
      for (const [i, { epoch }] of bounds.entries()) books.get(channels[i]!)!.noteEpoch(epoch);
      await pause(everyMs);
    }
  };
  for (const node of nodes) void listen(node);
  return () => (listening.isOver = true);
}
