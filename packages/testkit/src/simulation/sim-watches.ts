import { LongwaveError, type View, presencePrefix } from '@longwave/protocol';
import type { Client, MapWatch, Watch } from '@longwave/client';
import type { Random } from '../random.js';
import type { Scene } from './scene.js';
import { SimDocuments } from './sim-documents.js';
import { WatchMonitor } from '../checking/watch-monitor.js';
import { isTable, memberRooms, stateRooms } from './profile.js';

interface HeldWatch {
  readonly monitor: WatchMonitor;
  readonly watch: Watch<unknown>;
}

const tableKeys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;

/** The state that one page watches and changes, and the rooms that it is a member of. */
export class SimWatches {
  held: HeldWatch[] = [];
  /** Rooms that the page is in, and what it says there. */
  readonly entered = new Map<string, unknown>();
  readonly documents: SimDocuments;
  readonly #scene: Scene;
  readonly #client: Client;
  readonly #random: Random;
  readonly #name: string;
  readonly #user: string;
  #said = 0;

  constructor(scene: Scene, client: Client, { name, user }: { name: string; user: string }, random: Random) {
    this.#scene = scene;
    this.#client = client;
    this.#name = name;
    this.#user = user;
    this.#random = random;
    this.documents = new SimDocuments(scene, client, name, scene.random.stream(`${name} documents`));
  }

  watch(): void {
    if (this.held.length >= 5) return;
    const channel = this.#random.pick([...stateRooms, ...memberRooms.map((room) => presencePrefix + room)]);
    if (channel.startsWith(presencePrefix)) this.#watchMembers(channel.slice(presencePrefix.length));
    else if (isTable(channel)) this.#watchTable(channel, this.#view());
    else this.#watchScore(channel);
  }

  unwatch(): void {
    if (this.held.length < 2) return;
    const index = this.#random.below(this.held.length);
    const [held] = this.held.splice(index, 1);
    held!.monitor.leave();
    held!.watch.unsubscribe();
  }

  /** Another view of what is watched. */
  look(): void {
    const open = this.held.filter(({ monitor }) => monitor.state === 'open' && isTable(monitor.channel));
    if (open.length === 0) return;
    const { monitor, watch } = this.#random.pick(open);
    const view = this.#view();
    this.#scene.checker.trace(this.#name, () => `looks at ${monitor.channel} by ${JSON.stringify(view)}`);
    monitor.view = view;
    (watch as MapWatch<unknown>).setView(view);
  }

  /** Those that are watched now. */
  get tables(): string[] {
    return this.held.map(({ monitor }) => monitor.channel).filter(isTable);
  }

  change(): void {
    const channel = this.#random.pick(stateRooms);
    const state = this.#client.channel(channel);
    const data = makeEntry(this.#random);
    const options = this.#random.chance(0.1) ? { ttl: 200 + this.#random.below(2800) } : {};
    const kind = this.#random.weighted({ put: 5, patch: 3, delete: 2 });
    if (!isTable(channel)) {
      if (kind === 'put') this.#settle(state.set(data, options));
      else if (kind === 'patch') this.#settle(state.patch({ x: data.x }, options));
      else this.#settle(state.clear());
      return;
    }
    const key = this.#random.pick(tableKeys);
    if (kind === 'put') this.#settle(state.put(key, data, options));
    else if (kind === 'patch') this.#settle(state.patch(key, { x: data.x }, options));
    else this.#settle(state.delete(key));
  }

  enter(): void {
    const room = this.#random.pick(memberRooms);
    const says = { says: `${this.#name} ${++this.#said}` };
    this.entered.set(room, says);
    this.#scene.checker.trace(this.#name, () => `enters ${room} as ${says.says}`);
    const ended = (): void => {
      if (this.entered.get(room) === says) this.entered.delete(room);
    };
    this.#settle(this.#client.channel(room).presence.enter(says, { onEnd: ended }).catch(ended));
  }

  leave(): void {
    const [room] = this.entered.keys();
    if (room === undefined) return;
    this.entered.delete(room);
    this.#scene.checker.trace(this.#name, () => `leaves ${room}`);
    this.#settle(this.#client.channel(room).presence.leave());
  }

  /** Lists the watches and documents that differ from the store. */
  differences(): string[] {
    return [...this.#watchDifferences(), ...this.documents.differences()];
  }

  #watchDifferences(): string[] {
    const { store } = this.#scene.cluster;
    return this.held.flatMap(({ monitor, watch }) => {
      // Nobody is told of the end of a count.
      if (monitor.state !== 'open' || (monitor.view.count && watch.state === 'ended')) return [];
      const { ops } = store.read(monitor.channel, { limit: Infinity });
      const difference = monitor.difference(ops, monitor.view.count === true);
      return difference === undefined
        ? []
        : [`${this.#name} ${monitor.channel} ${JSON.stringify(monitor.view)} (${watch.state}): ${difference}`];
    });
  }

  close(): void {
    for (const { monitor, watch } of this.held) {
      this.#scene.checker.expect(watch.state === 'ended', 'liveness', this.#name, () => {
        return `${monitor.channel}: did not end`;
      });
    }
    this.held = [];
  }

  #watchTable(channel: string, view: View): void {
    const monitor = this.#monitor(channel, view);
    const watch: MapWatch<unknown> = this.#client
      .channel(channel)
      .watch({ ...view, ...this.#told(monitor) }, (entries, change) => {
        monitor.onUpdate({ entries, change, position: watch.position, entry: (key) => watch.entry(key) });
      });
    this.held.push({ monitor, watch });
  }

  #watchMembers(room: string): void {
    const counts = this.#random.chance(0.3);
    const monitor = this.#monitor(presencePrefix + room, counts ? { count: true } : {});
    const { presence } = this.#client.channel(room);
    if (counts) {
      const watch = presence.count((value, entry) => this.#onValue(monitor, watch, value, entry));
      this.held.push({ monitor, watch });
      return;
    }
    const watch: MapWatch<unknown> = presence.watch(this.#told(monitor), (entries, change) => {
      monitor.onUpdate({ entries, change, position: watch.position, entry: (key) => watch.entry(key) });
    });
    this.held.push({ monitor, watch });
  }

  #watchScore(channel: string): void {
    const monitor = this.#monitor(channel, {});
    const watch = this.#client.channel(channel).watchValue(this.#told(monitor), (value, entry) => {
      this.#onValue(monitor, watch, value, entry);
    });
    this.held.push({ monitor, watch });
  }

  #monitor(channel: string, view: View): WatchMonitor {
    const { checker, states, cluster, rights, revocationMs } = this.#scene;
    const stored = () => cluster.store.read(channel, { limit: Infinity });
    const imposed = () => rights.imposed(this.#user, channel);
    return new WatchMonitor({ checker, states, client: this.#name, channel, view, stored, imposed, revocationMs });
  }

  #told(monitor: WatchMonitor) {
    return {
      onReset: () => monitor.onReset(),
      onEnd: ({ code }: LongwaveError) => monitor.onEnd(code),
    };
  }

  #onValue(monitor: WatchMonitor, watch: Watch<unknown>, value: unknown, entry: EntryOf): void {
    const entries = new Map(entry ? [['', value]] : []);
    monitor.onUpdate({ entries, change: undefined, position: watch.position, entry: () => entry });
  }

  #view(): View {
    const random = this.#random;
    const rate = random.chance(0.4) ? { rate: random.pick([1, 5, 50]) } : {};
    return { ...rate, ...drawView(random) };
  }

  #settle(request: Promise<unknown>): void {
    const { pending, checker, onAnswer } = this.#scene;
    pending.begin();
    onAnswer();
    request
      .catch((error: unknown) => {
        if (!(error instanceof LongwaveError))
          checker.violate('internal', this.#name, `a request failed: ${String(error)}`);
      })
      .finally(() => pending.end());
  }
}

/** A part of a table, or all of it. */
export function drawView(random: Random): View {
  switch (random.below(5)) {
    case 0:
      return { keys: tableKeys.filter(() => random.chance(0.5)) };
    case 1:
      return { where: { x: { gte: random.below(10) } } };
    case 2: {
      const x = random.below(10);
      const margin = random.pick([0, 0.5]);
      return { area: { at: ['x', 'y'], box: [x, 0, x + random.below(6), 1], margin } };
    }
    default:
      return {};
  }
}

type EntryOf = ReturnType<MapWatch<unknown>['entry']>;

/** Makes an entry: of some size, somewhere. */
export function makeEntry(random: Random): { readonly x: number; readonly y: number; readonly pad: string } {
  return { x: random.below(12), y: 0, pad: 'p'.repeat(random.below(40)) };
}
