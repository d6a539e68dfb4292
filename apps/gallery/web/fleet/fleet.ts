import {
  type Client,
  type ConnectionState,
  type MapChange,
  type MapWatch,
  type Position,
  connect,
  pollTransport,
  streamTransport,
  webSocketTransport,
} from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { FleetCalls, FleetEvent, FleetStats, RouteLine, Vehicle } from '../../shared/fleet/fleet.js';
import { countingRequest } from '../compare/counting-request.js';
import { countingWebSocket } from '../compare/counting-web-socket.js';
import { createTally } from '../compare/tally.js';
import { type Store, createStore } from '../lib/store.js';
import { type Flow, createFlowMeter } from './flow-meter.js';
import { type Track, createTrack, positionOf } from './tracks.js';
import { type Look, viewFor } from './view-for.js';

/** The map has to rest for so long before the server is asked for something else. */
const restMs = 200;
const shownEvents = 50;
/** Points of the trail of the vehicle that is selected. */
const trailPoints = 600;
/** Updates a second of the vehicle that is selected. */
const selectedRate = 4;

export interface SeenEvent extends FleetEvent {
  readonly id: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly time: number;
}

export interface Selected {
  readonly key: string;
  /** `missing`: there is no such vehicle. */
  readonly status: 'asking' | 'here' | 'missing';
  readonly vehicle: Vehicle | undefined;
  /** Undefined until the server has told it. */
  readonly line: RouteLine | undefined;
}

export interface FleetState {
  /** Of this page's own client. */
  readonly connection: ConnectionState;
  readonly endedBecause: string | undefined;
  readonly kind: Look['kind'];
  /** Vehicles that the server says are in view. Undefined until it has. */
  readonly inView: number | undefined;
  /** What the page's client gets. */
  readonly flow: Flow | undefined;
  /** What the whole fleet does. */
  readonly all: FleetStats | undefined;
  /** The newest first. */
  readonly events: readonly SeenEvent[];
  readonly selected: Selected | undefined;
}

/** What the map draws of the vehicle that is selected, in view or not. */
export interface SelectedTrack {
  readonly track: Track;
  /** Where it was reported since it was selected: x and y on the map in turn. */
  readonly trail: readonly number[];
}

export interface Fleet {
  readonly store: Store<FleetState>;
  /** Vehicles in view, by key. */
  readonly tracks: ReadonlyMap<string, Track>;
  readonly selectedTrack: () => SelectedTrack | undefined;
  /** This is to be seen from now on. */
  look(box: Look['box']): void;
  showOnly(kind: Look['kind']): void;
  select(key: string | undefined): void;
  close(): void;
}

/** The fleet as one page watches it, over a client of its own: so that what it gets can be counted. */
export function createFleet({ url }: { readonly url: string }): Fleet {
  const tally = createTally();
  const client: Client<GalleryChannels, FleetCalls> = connect<GalleryChannels, FleetCalls>(url, {
    transport: [
      webSocketTransport({ WebSocket: countingWebSocket(tally) }),
      streamTransport({ request: countingRequest(tally) }),
      pollTransport({ request: countingRequest(tally) }),
    ],
  });
  const store = createStore<FleetState>({
    connection: client.state,
    endedBecause: undefined,
    kind: 'all',
    inView: undefined,
    flow: undefined,
    all: undefined,
    events: [],
    selected: undefined,
  });
  const set = (part: Partial<FleetState>): void => store.set((state) => ({ ...state, ...part }));
  client.onState((connection) => set({ connection }));

  const tracks = new Map<string, Track>();
  const meter = createFlowMeter();
  let updates = 0;
  let box: Look['box'] | undefined;
  let watch: MapWatch<Vehicle> | undefined;
  let resting: number | undefined;

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

  const selection = createSelection(client, store, (seen) => (updates += seen));
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

  const measure = (): void =>
    set({ flow: meter.note(performance.now(), { updates, bytes: tally.contentDown + tally.framingDown }) });
  measure();
  const timer = setInterval(measure, 1000);

  return {
    store,
    tracks,
    selectedTrack: selection.track,
    look: (next) => {
      box = next;
      clearTimeout(resting);
      resting = window.setTimeout(ask, watch ? restMs : 0);
    },
    showOnly: (kind) => {
      set({ kind });
      ask();
    },
    select: selection.select,
    close: () => {
      clearInterval(timer);
      clearTimeout(resting);
      client.close();
    },
  };
}

/** The vehicle that is selected: watched by its key, wherever it is. */
function createSelection(
  client: Client<GalleryChannels, FleetCalls>,
  store: Store<FleetState>,
  onUpdates: (count: number) => void,
): { readonly track: () => SelectedTrack | undefined; select(key: string | undefined): void } {
  let watch: MapWatch<Vehicle> | undefined;
  let shown: { readonly track: Track; readonly trail: number[] } | undefined;

  /** Changes what is selected, if that is still this. */
  const update = (key: string, change: (selected: Selected) => Selected): void =>
    store.set((state) => (state.selected?.key === key ? { ...state, selected: change(state.selected) } : state));

  const askRoute = (key: string, route: string): void => {
    client.call('fleet/route', { route }).then(
      (line) => {
        if (!line) return;
        update(key, (selected) => (selected.vehicle?.route === route ? { ...selected, line } : selected));
      },
      // Without the line there is the vehicle; the next change of its route asks again.
      () => undefined,
    );
  };

  const show = (key: string, vehicle: Vehicle): void => {
    const now = performance.now();
    if (shown) shown.track.report(vehicle, now);
    else shown = { track: createTrack(key, vehicle, now), trail: [] };
    shown.trail.push(...positionOf(vehicle));
    if (shown.trail.length > 2 * trailPoints) shown.trail.splice(0, 2);
    const before = store.get().selected?.vehicle?.route;
    update(key, (selected) => ({
      ...selected,
      status: 'here',
      vehicle,
      line: vehicle.route === before ? selected.line : undefined,
    }));
    if (vehicle.route !== before) askRoute(key, vehicle.route);
  };

  return {
    track: () => shown,
    select: (key) => {
      if (store.get().selected?.key === key) return;
      watch?.unsubscribe();
      watch = shown = undefined;
      store.set((state) => ({
        ...state,
        selected: key === undefined ? undefined : { key, status: 'asking', vehicle: undefined, line: undefined },
      }));
      if (key === undefined) return;
      watch = client.channel('fleet').watch({ keys: [key], rate: selectedRate }, (entries, { added, updated }) => {
        onUpdates(added.length + updated.length);
        const vehicle = entries.get(key);
        if (vehicle) show(key, vehicle);
        else update(key, (selected) => ({ ...selected, status: 'missing', vehicle: undefined }));
      });
      watch.ready.catch(() => undefined);
    },
  };
}

function idOf({ epoch, offset }: Position): string {
  return `${epoch}:${offset}`;
}
