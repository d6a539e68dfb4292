import { onTestFinished } from 'vitest';
import { type MessageMeta, type ResetInfo, defineChannels, log, map, value } from '@longwave/protocol';
import type { Store } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { facade } from '@longwave/testkit';
import { createHarness } from './harness.js';

const channels = defineChannels({
  'chat/:room': log({ retain: { maxCount: 5 } }),
  'open/:room': log({ redactable: true }),
  deep: log(),
  cars: map(),
  title: value(),
});

export const newStore = (makeId: () => string = () => 'epoch') =>
  new MemoryStore({ clock: { now: () => 1_000_000 }, makeId });

/** Nodes over one store, each with a clock of its own. */
export function setUp({ count = 1, store = newStore() as Store } = {}) {
  const nodes = Array.from({ length: count }, (_, i) => {
    let ids = 0;
    return createHarness(channels, {
      store: facade(store, { close: () => undefined }),
      makeId: () => `node-${i}-${++ids}`,
      cluster: { label: `host ${i}` },
    });
  });
  onTestFinished(async () => {
    for (const { engine } of nodes) await engine.close();
  });
  /** Waits until the work under way is over: turns of the loop, and promises between them. */
  const settle = async (isDone?: () => boolean): Promise<void> => {
    for (let i = 0; i < (isDone ? 5000 : 30) && !isDone?.(); i++) {
      for (const { clock } of nodes) clock.turn();
      await Promise.resolve();
    }
  };
  const pass = async (ms: number): Promise<void> => {
    for (const { clock } of nodes) clock.advance(ms);
    await settle();
  };
  return { nodes, node: nodes[0]!, store, settle, pass };
}

/** A handler that remembers what it was told. */
export function recorder() {
  const told: unknown[] = [];
  const metas: MessageMeta[] = [];
  const resets: ResetInfo[] = [];
  return {
    told,
    metas,
    resets,
    onReset: (reset: ResetInfo) => void resets.push(reset),
    handler: (data: unknown, meta: MessageMeta): void => {
      told.push(data);
      metas.push(meta);
    },
  };
}

/** A promise that somebody lets pass. */
export function gate() {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
