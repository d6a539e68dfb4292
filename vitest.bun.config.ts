import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

const packages = fileURLToPath(new URL('./packages/', import.meta.url));
const nodeHost = `${packages}node/src/server/create-server.ts`;
const bunHost = `${packages}bun/src/server/create-server.ts`;

/**
 * For runs of vitest in Bun: tests of the host for Node get the `createServer` of packages/bun in its place, and so hold it to the
 * same promises.
 */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: [
        'packages/bun/src/**/*.test.ts',
        'packages/node/src/gate/gate.test.ts',
        'packages/node/src/readers/{events,history}.test.ts',
        'packages/node/src/requests/request-{host,links,origins,refusals}.test.ts',
        'packages/node/src/web-socket/first-message.test.ts',
        'packages/node/src/server/{bounds,create-server,entrances}.test.ts',
      ],
      setupFiles: [`${packages}bun/src/testing/not-here.ts`],
    },
    plugins: [
      {
        name: 'bun-host',
        enforce: 'pre',
        async resolveId(source, importer) {
          if (!source.endsWith('/create-server.js') || !importer?.startsWith(`${packages}node/`)) return undefined;
          const resolved = await this.resolve(source, importer, { skipSelf: true });
          return resolved?.id === nodeHost ? bunHost : undefined;
        },
      },
    ],
  }),
);
