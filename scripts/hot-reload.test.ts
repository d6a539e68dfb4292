import { readFile } from 'node:fs/promises';
import { compileFunction } from 'node:vm';
import { transform } from 'esbuild';
import { createServer, defineChannels, log } from 'longwave';
import { type Client, connect } from 'longwave/client';
import { expect, it, onTestFinished } from 'vitest';

type Realtime = { realtime?: Client };

/** The module of React's README that connects, as a bundler hands it to the page, at another address. */
async function readModule(url: string): Promise<string> {
  const page = await readFile(new URL('../packages/react/README.md', import.meta.url), 'utf8');
  const [, block = ''] = /```ts check file=client\.ts\n([^]*?)```/.exec(page) ?? [];
  expect(block).toContain("connect<typeof channels>('https://example.com')");
  const { code } = await transform(block.replace('https://example.com', url), { loader: 'ts', format: 'cjs' });
  return code;
}

it('a hot reload of the module that React’s README shows goes on with its client and its connection', async () => {
  let connections = 0;
  const server = createServer({
    channels: defineChannels({ 'chat/:room': log() }),
    authenticate: () => {
      connections++;
      return {};
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  const code = await readModule(`http://127.0.0.1:${port}`);
  const load = (): Client => {
    const module = { exports: {} as { client: Client } };
    const run = compileFunction(code, ['require', 'module', 'exports']) as (...args: readonly unknown[]) => void;
    run(() => ({ connect }), module, module.exports);
    return module.exports.client;
  };
  const page = globalThis as Realtime;
  onTestFinished(() => {
    page.realtime?.close();
    delete page.realtime;
  });
  const first = load();
  await first.channel('chat/lobby').publish('before');
  const second = load();
  await second.channel('chat/lobby').publish('after the reload');
  expect(second).toBe(first);
  expect(connections).toBe(1);
});
