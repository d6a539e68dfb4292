import { Random } from '@longwave/testkit/virtual';
import { checkDocuments } from '../checker/document-check.js';
import { pause } from '../cluster/pause.js';
import { World } from '../cluster/world.js';
import { WriterHost } from '../cluster/writer-host.js';
import { type StoreName, stores } from '../stores/index.js';

export interface DocumentsOptions {
  readonly seed: string;
  readonly store: StoreName;
  readonly nodes: number;
  /** Kills, of a node or of the store. */
  readonly times: number;
  readonly writers: number;
  readonly say: (line: string) => void;
}

const node = { heartbeatMs: 2000, drainMs: 1000 };
const documents = ['doc/one', 'doc/two', 'doc/three'];
const writersOfProcess = 2;
const everyMs = 100;
const toldEvery = 100;

/**
 * People write in documents while nodes and the store are killed: in the end all have the same, everything that was acknowledged is there,
 * and nothing twice. Two come at the end who were not there before.
 */
export async function writeUnderFaults({
  seed,
  store,
  nodes,
  times,
  writers,
  say,
}: DocumentsOptions): Promise<boolean> {
  const random = new Random(seed).stream('documents');
  const crashes: string[] = [];
  const onCrash = (what: string): void => void crashes.push(what);
  const service = await stores[store]();
  const world = await World.start({ service, nodes, events: { onCrash, onLag: () => undefined }, node });
  const hosts: WriterHost[] = [];
  const open = (index: number, count: number, ms: number): WriterHost => {
    const config = { url: world.url, seed, index, writers: count, documents, everyMs: ms };
    const host = new WriterHost(config, onCrash);
    hosts.push(host);
    return host;
  };
  try {
    const processes = Math.max(1, Math.round(writers / documents.length / writersOfProcess));
    for (let i = 0; i < processes; i++) open(i, writersOfProcess, everyMs);
    await Promise.all(hosts.map((host) => host.ready));
    for (let i = 1; i <= times; i++) {
      await pause(random.between(50, 400));
      const kill = service.faults.kill;
      if (kill && random.chance(0.3)) await kill(random.between(20, 200));
      else {
        const victim = random.pick(world.nodes);
        await victim.kill();
        await pause(random.between(0, 200));
        await victim.start();
      }
      if (i % toldEvery === 0) say(`${i} kills`);
    }
    await pause(1000);
    const seen = (await Promise.all(hosts.map((host) => host.stop()))).flat();
    const late = open(processes, 1, 1_000_000);
    await late.ready;
    const { words, acked, violations } = checkDocuments([...seen, ...(await late.stop())]);
    const damage = await world.findDamage();
    const found = [...violations, ...damage, ...crashes.map((crash) => `CRASH ${crash}`)];
    say(
      `documents (${store}): ${times} kills, ${seen.length} copies of ${documents.length} documents, ${words} words, ${acked} acknowledged, ${found.length} violations`,
    );
    for (const violation of found.slice(0, 10)) say(`  ${violation}`);
    return found.length === 0 && acked > 0;
  } finally {
    await Promise.all(hosts.map((host) => host.end()));
    await world.stop();
  }
}
