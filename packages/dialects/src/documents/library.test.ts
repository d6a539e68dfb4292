import { expect, it, onTestFinished, vi } from 'vitest';
import { startServer } from '../testing/server.js';
import { Library } from './library.js';

it('y-websocket#145 hocuspocus#204 hocuspocus#1032: a document that nobody has open is let go of, and one that is opened meanwhile stays', async () => {
  const { server } = await startServer();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const library = new Library({ engine: server.engine, logger: { error: () => undefined, info: () => undefined } });
  onTestFinished(() => library.close());
  const names = Array.from({ length: 20 }, (_, i) => `doc/${i}`);
  const held = await Promise.all(names.map((name) => library.open(name)));
  for (const document of held) library.release(document);
  expect(library.size).toBe(20);
  vi.advanceTimersByTime(29_000);
  expect(await library.open('doc/0')).toBe(held[0]);
  vi.advanceTimersByTime(2000);
  expect(library.size).toBe(1);
  library.release(held[0]!);
  vi.advanceTimersByTime(31_000);
  expect(library.size).toBe(0);
});

it('hocuspocus#382: a document that could not be read is held by nobody, and the next who asks has it read again', async () => {
  const { server } = await startServer();
  const library = new Library({ engine: server.engine, logger: { error: () => undefined, info: () => undefined } });
  onTestFinished(() => library.close());
  const history = vi.spyOn(server.engine, 'history').mockRejectedValueOnce(new Error('the disk is away'));
  await expect(library.open('doc/a')).rejects.toThrow('the disk is away');
  expect(library.size).toBe(0);
  history.mockRestore();
  expect((await library.open('doc/a')).channel).toBe('doc/a');
});
