import { startNats } from '@longwave/testkit/services';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

const shards = 8;

function streamOf(amount: number): string {
  return amount >= shards ? 'longwave_meta' : `longwave_journal_${amount}`;
}

/** Whether the stream of that number has to do with the channel: all have with the last. Channels are spread by FNV-1a. */
function isIn(channel: string, amount: number): boolean {
  let hash = 0x811c9dc5;
  for (const char of channel.replace('inbox/', '@me/')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return amount >= shards || (hash >>> 0) % shards === amount;
}

/** One server with its streams in files: a killed process loses none of what it has handed to the operating system. */
export async function startNatsStore(): Promise<StoreService> {
  const server = await startNats();
  return {
    name: 'nats',
    rules: { forgets: false, losesTail: false },
    levels: ['memory'],
    maxNodes: 16,
    port: server.port,
    choice: (port) => ({ kind: 'nats', servers: `127.0.0.1:${port}`, shards }),
    faults: {
      kill: async (downMs) => {
        await server.kill();
        await pause(downMs);
        await server.start();
      },
      freeze: async (forMs) => {
        server.signal('SIGSTOP');
        await pause(forMs);
        server.signal('SIGCONT');
      },
      acts: {
        'delete-stream': async ({ amount }) => {
          await server.ask(`STREAM.DELETE.${streamOf(amount)}`);
          return { touches: (channel) => isIn(channel, amount) };
        },
        'purge-stream': async ({ amount }) => {
          await server.ask(`STREAM.PURGE.${streamOf(amount)}`);
          return { touches: (channel) => isIn(channel, amount) };
        },
        'edit-settings': async ({ durationMs, amount }) => {
          const stream = streamOf(amount);
          const { config } = (await server.ask(`STREAM.INFO.${stream}`)) as { readonly config?: object };
          // It was deleted just now.
          if (!config) return;
          await server.ask(`STREAM.UPDATE.${stream}`, { ...config, max_age: 3_600_000_000_000 });
          await pause(durationMs);
          await server.ask(`STREAM.UPDATE.${stream}`, config);
        },
      },
    },
    stop: () => server.stop(),
  };
}
