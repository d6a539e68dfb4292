import type { ResolvedRetention } from '@longwave/protocol';
import type { Store } from '@longwave/core';
import { type NatsServer, startNats } from '@longwave/testkit/services';
import { Random } from '@longwave/testkit/virtual';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployments, untilDone } from './testing/deployment.js';

const forEver = Number.MAX_SAFE_INTEGER;
const whole: ResolvedRetention = { count: forEver, bytes: 1e8, ageMs: forEver, whole: true };
const rounds = 3;
/** In front of the first number, so that a compaction travels in pieces. */
const padding = ' '.repeat(1_500_000);

let server: NatsServer;
let deployments: Deployments;

beforeAll(async () => {
  server = await startNats();
  deployments = new Deployments(server.url);
});
afterAll(async () => {
  await deployments.close();
  await server.stop();
});

/** All that the log says: numbers, each with a comma. Its reader begins again where it was compacted. */
async function readAll(store: Store): Promise<{ readonly epoch: string; readonly top: number; readonly text: string }> {
  for (;;) {
    const { epoch, floor, top } = await store.bounds('a');
    let text = '';
    let after = floor;
    while (after < top) {
      const page = await store.read('a', { after, limit: 20 });
      if (page.floor !== floor || page.epoch !== epoch) break;
      for (const { payload } of page.ops) text += Buffer.from(payload as Uint8Array).toString();
      after = page.ops.at(-1)!.offset;
    }
    if (after >= top) return { epoch, top: after, text };
  }
}

const numbersOf = (text: string): string[] => text.slice(padding.length).split(',').slice(0, -1);
const upTo = (top: number): string[] => Array.from({ length: top }, (_, i) => `${i + 1}`);

it('DOC-1: kill -9 of the server in the midst of compactions: all that was acknowledged is there once, for all nodes, as an operation or within the one that took its place', async () => {
  const open = deployments.create({ shards: 1 });
  const [writer, compactor] = [open(), open()];
  const random = new Random(5);
  let written = 0;
  let isOver = false;
  let onWritten = (): void => {};
  const write = async (): Promise<void> => {
    while (!isOver) {
      const seq = written + 1;
      const payload = Buffer.from(`${seq === 1 ? padding : ''}${seq},`);
      const append = (retry: boolean) => writer.append('a', { payload, producer: { id: 'p', seq }, retry }, whole);
      expect(await untilDone(append)).toMatchObject({ offset: seq });
      written++;
      onWritten();
    }
  };
  const untilWritten = (more: number): Promise<void> => {
    const wanted = written + more;
    return new Promise((resolve) => (onWritten = () => written >= wanted && resolve()));
  };
  const compact = async (store = compactor): Promise<boolean> => {
    const { epoch, top, text } = await readAll(store);
    return store.compact!('a', { epoch, offset: top, payload: Buffer.from(text) });
  };
  const writing = write();
  let compactions = 0;
  for (let round = 1; round <= rounds; round++) {
    await untilWritten(1 + random.below(20));
    if (await untilDone(() => compact())) compactions++;
    let isKilled = false;
    const last = (async () => {
      while (!isKilled) await compact();
    })().catch(() => undefined);
    await untilWritten(1 + random.below(5));
    await server.kill();
    isKilled = true;
    await server.start();
    await last;
    const { top, text } = await untilDone(() => readAll(compactor));
    expect(numbersOf(text)).toEqual(upTo(top));
  }
  isOver = true;
  await writing;
  for (const store of [writer, compactor, open()]) {
    const { top, text } = await untilDone(() => readAll(store));
    expect(top).toBe(written);
    expect(numbersOf(text)).toEqual(upTo(written));
  }
  expect(compactions).toBeGreaterThan(0);
}, 60_000);

it('DOC-1: two nodes that compact one log at once agree on what is there', async () => {
  const open = deployments.create({ shards: 1 });
  const nodes = [open(), open()];
  for (const node of nodes) for (let i = 1; i <= 5; i++) await node.append('a', { payload: new Uint8Array(i) }, whole);
  const { epoch } = await nodes[0]!.bounds('a');
  const results = await Promise.all(
    nodes.map(async (node, i) => node.compact!('a', { epoch, offset: 8 + i, payload: new Uint8Array(2_000_000 + i) })),
  );
  expect(results).toContain(true);
  const seen: string[] = [];
  for (const node of [...nodes, open()]) {
    const { floor, top, ops } = await node.read('a', { after: 0, limit: 100 });
    seen.push([floor, top, ...ops.map(({ offset, payload }) => `${offset}: ${payload.length}`)].join(' '));
  }
  expect(seen[0]).toMatch(/^[78] 10 [89]: 20000/);
  expect(new Set(seen).size).toBe(1);
});
