import type { Client, MapWatch } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { FleetCalls, RouteLine, Vehicle } from '../../shared/fleet/fleet.js';
import { type Store, createStore } from '../lib/store.js';
import { type Track, createTrack, positionOf } from './tracks.js';

const trailPoints = 600;
/** Updates a second. */
const rate = 4;

export interface Selected {
  readonly key: string;
  /** `missing`: there is no such vehicle. */
  readonly status: 'asking' | 'here' | 'missing';
  readonly vehicle: Vehicle | undefined;
  /** Undefined until the server has told it. */
  readonly line: RouteLine | undefined;
}

interface SelectionState {
  readonly selected: Selected | undefined;
}

/** The map's drawing of the vehicle that is selected, in view or not. */
export interface SelectedTrack {
  readonly track: Track;
  /** Where it was reported since it was selected: x and y on the map in turn. */
  readonly trail: readonly number[];
}

/** The vehicle that is selected: watched by its key, wherever it is. */
export interface Selection {
  readonly store: Store<SelectionState>;
  readonly track: () => SelectedTrack | undefined;
  /** Nothing, or another one. */
  select(key: string | undefined): void;
}

interface SelectionOptions {
  readonly client: Client<GalleryChannels, FleetCalls>;
  readonly onUpdates: (count: number) => void;
}

export function createSelection({ client, onUpdates }: SelectionOptions): Selection {
  const store = createStore<SelectionState>({ selected: undefined });
  let watch: MapWatch<Vehicle> | undefined;
  let shown: { readonly track: Track; readonly trail: number[] } | undefined;

  /** Changes what is selected, if that is still this. */
  const update = (key: string, change: (selected: Selected) => Selected): void =>
    store.set((state) => (state.selected?.key === key ? { selected: change(state.selected) } : state));

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
    store,
    track: () => shown,
    select: (key) => {
      if (store.get().selected?.key === key) return;
      watch?.unsubscribe();
      watch = shown = undefined;
      if (key === undefined) {
        store.set({ selected: undefined });
        return;
      }
      store.set({ selected: { key, status: 'asking', vehicle: undefined, line: undefined } });
      watch = client.channel('fleet').watch({ keys: [key], rate }, (entries, { added, updated }) => {
        onUpdates(added.length + updated.length);
        const vehicle = entries.get(key);
        if (vehicle) show(key, vehicle);
        else update(key, (selected) => ({ ...selected, status: 'missing', vehicle: undefined }));
      });
      watch.ready.catch(() => undefined);
    },
  };
}
