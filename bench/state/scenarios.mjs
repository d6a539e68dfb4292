import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'longwave/client';
import { RawClient } from './raw-client.mjs';
import { startServer } from './child.mjs';

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */

const mib = (/** @type {number} */ bytes) => Math.round(bytes / 1024 ** 2);

/** Opens clients, not all at once. @param {Server} server @param {number} count @param {(client: RawClient, i: number) => void} begin */
async function open({ port }, count, begin) {
  /** @type {RawClient[]} */
  const clients = [];
  for (let i = 0; i < count; i += 100) {
    const opened = await Promise.all(
      Array.from({ length: Math.min(100, count - i) }, () => new RawClient(port).open()),
    );
    for (const client of opened) {
      begin(client, clients.push(client) - 1);
      client.stay();
    }
  }
  return clients;
}

/** One map, all of it changing, watched at a rate by many; one of them stops reading for 10 s. */
export async function map({ keys = 20_000, rate = 20_000, watchers = 1000, seconds = 12, viewRate = 4 }) {
  const server = await startServer();
  try {
    await server.tell('fillPrices', keys);
    const subscribe = { type: 'subscribe', id: 1, channel: 'prices', view: { rate: viewRate } };
    const clients = await open(server, watchers, (client, i) =>
      client.send({ type: 'connect', version: 1, client: `c${i}` }, subscribe),
    );
    const checked = connect(`http://127.0.0.1:${server.port}`);
    const watch = checked.channel('prices').watch({ rate: viewRate });
    await watch.ready;
    await sleep(2000);
    const stalled = /** @type {RawClient} */ (clients[0]);
    let acts = 0;
    let ops = 0;
    stalled.onText = (text) => {
      for (const line of text.split('\n')) {
        const frame = JSON.parse(line);
        if (frame.type !== 'changes') continue;
        ops += frame.ops.length;
        if (!frame.more) acts++;
      }
    };
    const idle = await server.tell('figures');
    const before = clients.reduce((sum, { bytes }) => sum + bytes, 0);
    stalled.socket.pause();
    const startedAt = performance.now();
    await server.tell('feedPrices', { keys, rate });
    await sleep(seconds * 1000);
    const busy = await server.tell('figures');
    const bytes = clients.reduce((sum, client) => sum + client.bytes, 0) - before;
    const elapsed = (performance.now() - startedAt) / 1000;
    await server.tell('stop');
    await sleep(3000);
    // What lay in the kernel's buffers when it stopped is behind it: from here on it is what the server sends.
    [acts, ops] = [0, 0];
    stalled.socket.resume();
    await sleep(5000);
    const entries = /** @type {string[]} */ (await server.tell('entries', 'prices'));
    const shown = [...watch.getSnapshot().keys()].map((key) => `${key}:${watch.entry(key)?.version}`).sort();
    checked.close();
    const cpuMs = (busy.cpu.user + busy.cpu.system - idle.cpu.user - idle.cpu.system) / 1000;
    return {
      watchers,
      'updates/s': Math.round((busy.stored - idle.stored) / elapsed),
      'cpu %': Math.round(cpuMs / elapsed / 10),
      'delivered entries/s': Math.round((busy.delivered - idle.delivered) / elapsed),
      'ns CPU per delivered entry': Math.round((cpuMs * 1e6) / (busy.delivered - idle.delivered)),
      'MB/s in all': Math.round(bytes / elapsed / 1e6),
      'KB/s each': Math.round(bytes / elapsed / 1000 / watchers),
      'rss idle MiB': mib(idle.rss),
      'rss busy MiB': mib(busy.rss),
      'after a stall: updates': acts,
      'after a stall: entries': ops,
      equal: JSON.stringify(entries) === JSON.stringify(shown),
    };
  } finally {
    await server.stop();
  }
}

/** One part in a hundred of a plane of vehicles, against the bytes of what lies in it. */
export async function viewport({ count = 20_000, rate = 4000, seconds = 15, viewRate = 4 }) {
  const server = await startServer();
  try {
    await server.tell('fillFleet', count);
    const [minX, minY, maxX, maxY] = [0.4, 0.4, 0.5, 0.5];
    const rows = [];
    const view = { area: { at: ['x', 'y'], box: [minX, minY, maxX, maxY], margin: 0.02 }, rate: viewRate };
    const [viewer, all] = await open(server, 2, (client, i) =>
      client.send(
        { type: 'connect', version: 1, client: `c${i}` },
        { type: 'subscribe', id: 1, channel: 'fleet', view: i === 0 ? view : { rate: viewRate } },
      ),
    );
    await sleep(2000);
    let ideal = 0;
    if (!viewer || !all) throw new Error('not open');
    all.onText = (text) => {
      for (const line of text.split('\n')) {
        const frame = JSON.parse(line);
        if (frame.type !== 'changes') continue;
        // What a crop that knows everything would send: each entry that lies within, as it stands on the wire.
        for (const op of frame.ops) {
          const { x, y } = op.data;
          if (x >= minX && x <= maxX && y >= minY && y <= maxY) ideal += JSON.stringify(op).length + 1;
        }
      }
    };
    const before = [viewer.bytes, all.bytes];
    await server.tell('feedFleet', { count, rate });
    await sleep(seconds * 1000);
    await server.tell('stop');
    await sleep(1000);
    const seen = viewer.bytes - (before[0] ?? 0);
    rows.push({
      vehicles: count,
      'updates/s': rate,
      'viewport KB/s': Number((seen / seconds / 1000).toFixed(2)),
      'ideal crop KB/s': Number((ideal / seconds / 1000).toFixed(2)),
      'viewport / ideal': Number((seen / ideal).toFixed(3)),
      'all KB/s': Number(((all.bytes - (before[1] ?? 0)) / seconds / 1000).toFixed(1)),
    });
    for (const client of [viewer, all]) client.close();
    return rows[0];
  } finally {
    await server.stop();
  }
}

/** Members of one channel join, seen by watchers; some of them drop and come back. */
export async function presence({ members = 10_000, watchers = 100, drops = 1000 }) {
  const server = await startServer();
  const url = `http://127.0.0.1:${server.port}`;
  const clients = Array.from({ length: watchers }, () => connect(url));
  try {
    let events = 0;
    const watches = clients.map((client) =>
      client.channel('room/a').presence.watch((_, change) => {
        events += change.added.length + change.updated.length + change.removed.length;
      }),
    );
    await Promise.all(watches.map(({ ready }) => ready));
    const enter = (/** @type {RawClient} */ client, /** @type {number} */ i) =>
      client.send(
        { type: 'connect', version: 1, client: `member-${i}` },
        { type: 'enter', id: 1, channel: 'room/a', data: { name: `Member ${i}` } },
      );
    const before = await server.tell('figures');
    const startedAt = performance.now();
    const joined = await open(server, members, enter);
    while (watches.some((watch) => watch.getSnapshot().size < members)) await sleep(20);
    const joinMs = performance.now() - startedAt;
    const after = await server.tell('figures');
    await sleep(2000);
    events = 0;
    for (let i = 0; i < drops; i++) joined[i]?.close();
    await sleep(3000);
    const again = await open(server, drops, enter);
    // Longer than the grace, and than the lease would be without renewal.
    await sleep(35_000);
    const left = await server.tell('members', 'a');
    for (const client of [...joined, ...again]) client.close();
    return {
      members,
      watchers,
      'joined and seen by all, s': Number((joinMs / 1000).toFixed(2)),
      'server CPU s': Number(
        ((after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system) / 1e6).toFixed(2),
      ),
      drops,
      'events of drops within the grace': events,
      'members at the end': left,
    };
  } finally {
    for (const client of clients) client.close();
    await server.stop();
  }
}
