import { startNats } from '@longwave/testkit/services';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

function streamOf(amount: number): string {
  return amount >= 8 ? 'longwave_meta' : `longwave_journal_${amount}`;
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
    choice: (port) => ({ kind: 'nats', servers: `127.0.0.1:${port}` }),
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
        'delete-stream': async ({ amount }) => void (await server.ask(`STREAM.DELETE.${streamOf(amount)}`)),
        'purge-stream': async ({ amount }) => void (await server.ask(`STREAM.PURGE.${streamOf(amount)}`)),
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
