import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it.each(['with', 'without'])('lets every promise go on before it resolves, %s setImmediate', async (how) => {
  vi.resetModules();
  if (how === 'without') vi.stubGlobal('setImmediate', undefined);
  const { nextTurn } = await import('./next-turn.js');
  let hops = 0;
  const hop = async (): Promise<void> => {
    for (; hops < 1000; hops++) await Promise.resolve();
  };
  void hop();
  await nextTurn();
  expect(hops).toBe(1000);
});
