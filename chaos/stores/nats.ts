import { startNats } from '@longwave/testkit/services';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

/** One server with its streams in files: a killed process loses none of what it has handed to the operating system. */
export async function startNatsStore(): Promise<StoreService> {
  const server = await startNats();
  return {
    name: 'nats',
    rules: { forgets: false, losesTail: false },
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
    },
    stop: () => server.stop(),
  };
}
