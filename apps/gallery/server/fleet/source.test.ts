import { type Server, createServer, memory } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import { type Client, connect } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { createRooms } from '../rooms/rooms.js';
import { type FleetCalls, FleetStats, Vehicle } from '../../shared/fleet/fleet.js';
import { type FleetSource, createFleetSource } from './source.js';
import { somePlaces } from './testing/small-world.js';

let source: FleetSource;
let server: Server<GalleryChannels>;
let clients: Client<GalleryChannels, FleetCalls>[];
let url: string;

beforeEach(async () => {
  clients = [];
  source = createFleetSource({ counts: { ship: 120, aircraft: 80 }, places: somePlaces });
  server = createServer({
    channels,
    documents: yjs(),
    rooms: createRooms().host,
    calls: source.calls,
    store: memory(),
  });
  source.serve(server);
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  for (const client of clients) client.close();
  source.close();
  await server.close();
});

function open(): Client<GalleryChannels, FleetCalls> {
  const client = connect<GalleryChannels, FleetCalls>(url, { transport: 'stream' });
  clients.push(client);
  return client;
}

/** The offset of the newest change. */
async function newest(): Promise<number> {
  return Math.max(0, ...(await server.channel('fleet').entries()).map(({ version }) => version));
}

const soon = { timeout: 15_000, interval: 300 };

describe('the fleet on its channels', { timeout: 30_000 }, () => {
  it('stands at its places before anybody looks, and does not move', async () => {
    await expect.poll(async () => (await server.channel('fleet').entries()).length, soon).toBe(200);
    expect(await newest()).toBe(200);
  });

  it('moves for who looks, and stands still when nobody looks any more', async () => {
    const watch = open().channel('fleet').watch();
    await expect.poll(() => watch.getSnapshot().size, soon).toBe(200);
    for (const vehicle of watch.getSnapshot().values()) expect(Vehicle.parse(vehicle)).toEqual(vehicle);
    const before = await newest();
    await expect.poll(newest, soon).toBeGreaterThan(before);

    watch.unsubscribe();
    let last = -1;
    await expect
      .poll(async () => {
        const isStill = (await newest()) === last;
        last = await newest();
        return isStill;
      }, soon)
      .toBe(true);

    open().channel('fleet').watch();
    await expect.poll(newest, soon).toBeGreaterThan(last);
  });

  it('sends of an area what is in it', async () => {
    const box = [-20, 20, 60, 70] as const;
    const client = open();
    const all = client.channel('fleet').watch();
    const part = client.channel('fleet').watch({ area: { at: ['lng', 'lat'], box, margin: 0 } });
    await expect.poll(() => all.getSnapshot().size, soon).toBe(200);
    await expect.poll(() => part.getSnapshot().size, soon).toBeGreaterThan(0);
    expect(part.getSnapshot().size).toBeLessThan(200);
    for (const { lng, lat } of part.getSnapshot().values()) {
      expect(lng >= box[0] && lng <= box[2] && lat >= box[1] && lat <= box[3]).toBe(true);
    }
  });

  it('says what all of it would be', async () => {
    const client = open();
    client.channel('fleet').watch();
    const stats = client.channel('fleet-stats').watchValue();
    await expect.poll(() => stats.getSnapshot()?.updatesPerSecond ?? 0, soon).toBeGreaterThan(20);
    const { vehicles, updatesPerSecond, bytesPerSecond } = FleetStats.parse(stats.getSnapshot());
    expect(vehicles).toBe(200);
    // A key and a value have about a hundred bytes.
    expect(bytesPerSecond / updatesPerSecond).toBeGreaterThan(80);
    expect(bytesPerSecond / updatesPerSecond).toBeLessThan(160);
  });

  it('tells the line of a route that somebody takes', async () => {
    const client = open();
    const watch = client.channel('fleet').watch();
    await expect.poll(() => watch.getSnapshot().size, soon).toBe(200);
    const { route } = watch.getSnapshot().get('S00001')!;
    const line = await client.call('fleet/route', { route });
    expect(line!.points.length).toBeGreaterThan(4);
    expect(line!.lengthKm).toBeGreaterThan(0);
  });
});
