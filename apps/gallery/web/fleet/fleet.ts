import type { Client, ConnectionState, MapChange, MapWatch, Position } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { FleetCalls, FleetEvent, FleetStats, Vehicle } from '../../shared/fleet/fleet.js';
import { type Store, createStore } from '../lib/store.js';
import { type Flow, createFlowMeter } from './flow-meter.js';
import { type Selection, createSelection } from './selection.js';
import { type Track, createTrack } from './tracks.js';
import { type Look, viewFor } from './view-for.js';

/** The map has to rest for so long before the server is asked for something else. */
const restMs = 200;
const shownEvents = 50;
const measureMs = 1000;

export interface SeenEvent extends FleetEvent {
  readonly id: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly time: number;
}

export interface FleetState {
  /** Connection of this page's own client. */
  readonly connection: ConnectionState;
  readonly endedBecause: string | undefined;
  readonly kind: Look['kind'];
  /** Vehicles that the server says are in view. Undefined until it has. */
  readonly inView: number | undefined;
  /** Traffic of the page's client. */
  readonly flow: Flow | undefined;
  /** Figures of the whole fleet. */
  readonly all: FleetStats | undefined;
  /** The newest first. */
  readonly events: readonly SeenEvent[];
}

export interface Fleet {
  readonly store: Store<FleetState>;
  /** Vehicles in view, by key. */
  readonly tracks: ReadonlyMap<string, Track>;
  readonly selection: Selection;
  /** This is to be seen from now on. */
  look(box: Look['box']): void;
  showOnly(kind: Look['kind']): void;
  /** Leaves the client to its owner. */
  close(): void;
}

interface FleetOptions {
  readonly client: Client<GalleryChannels, FleetCalls>;
  /** All that the client has received until now. */
  readonly receivedBytes: () => number;
}

/** The fleet as one page watches it. */
export function createFleet({ client, receivedBytes }: FleetOptions): Fleet {
  const store = createStore<FleetState>({
    connection: client.state,
    endedBecause: undefined,
    kind: 'all',
    inView: undefined,
    flow: undefined,
    all: undefined,
    events: [],
  });
  const set = (part: Partial<FleetState>): void => store.set((state) => ({ ...state, ...part }));
  const stopWatching = client.onState((connection) => set({ connection }));

  const tracks = new Map<string, Track>();
  const meter = createFlowMeter();
  let updates = 0;
  let box: Look['box'] | undefined;
  let watch: MapWatch<Vehicle> | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const apply = (entries: ReadonlyMap<string, Vehicle>, { added, updated, removed }: MapChange): void => {
    const now = performance.now();
    updates += added.length + updated.length;
    for (const keys of [added, updated]) {
      for (const key of keys) {
        const vehicle = entries.get(key)!;
        const track = tracks.get(key);
        if (track) track.report(vehicle, now);
        else tracks.set(key, createTrack(key, vehicle, now));
      }
    }
    for (const { key } of removed) tracks.delete(key);
    if (tracks.size !== store.get().inView) set({ inView: tracks.size });
  };

  // #region teach:fleet-client
  const ask = (): void => {
    if (!box) return;
    const view = viewFor({ box, kind: store.get().kind });
    if (watch) {
      watch.setView(view);
      return;
    }
    watch = client.channel('fleet').watch({ ...view, onEnd: ({ message }) => set({ endedBecause: message }) }, apply);
    // Its rejection is told by onEnd as well.
    watch.ready.catch(() => undefined);
  };
  // #endregion

  const selection = createSelection({ client, onUpdates: (seen) => (updates += seen) });
  const stats = client.channel('fleet-stats').watchValue((all) => set({ all }));
  stats.ready.catch(() => undefined);
  const events = client
    .channel('fleet-events')
    .subscribe({ from: { last: shownEvents } }, (event, { time, epoch, offset }) => {
      store.set((state) => ({
        ...state,
        events: [{ ...event, time, id: idOf({ epoch, offset }) }, ...state.events].slice(0, shownEvents),
      }));
    });
  events.ready.catch(() => undefined);

  const measure = (): void => {
    // The first state comes once: rates begin after it.
    if (store.get().inView === undefined) return;
    set({ flow: meter.note(performance.now(), { updates, bytes: receivedBytes() }) });
  };
  const timer = setInterval(measure, measureMs);

  return {
    store,
    tracks,
    selection,
    look: (next) => {
      box = next;
      clearTimeout(resting);
      resting = setTimeout(ask, watch ? restMs : 0);
    },
    showOnly: (kind) => {
      set({ kind });
      ask();
    },
    close: () => {
      clearInterval(timer);
      clearTimeout(resting);
      stopWatching();
      for (const each of [watch, stats, events]) each?.unsubscribe();
      selection.select(undefined);
    },
  };
}

function idOf({ epoch, offset }: Position): string {
  return `${epoch}:${offset}`;
}
