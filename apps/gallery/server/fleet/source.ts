import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type Server, call } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { type FleetCalls, RouteRef } from '../../shared/fleet/fleet.js';
import { type VehicleKind, fleetCounts } from '../../shared/fleet/kinds.js';
import { type Place, allPlaces } from '../../shared/fleet/places.js';
import { createFenceWatch } from './fence-watch.js';
import { type Fleet, type Report, createFleet, tickMs } from './fleet.js';
import { type Journeys, planJourneys } from './journeys.js';
import { createRandom } from '../random.js';
import { createSeaNetwork } from './sea-network.js';
import { createTraffic } from './traffic.js';

/** Another seed is another fleet. */
const seed = 2026;
/** Entries that are stored in one turn of the event loop when the fleet is set out. */
const batch = 500;
const statsMs = 1000;

/**
 * The fleet on its channels. It is set out when it begins to be served, so that nobody waits for its routes, and nothing
 * moves while nobody watches.
 */
export interface FleetSource {
  readonly calls: FleetCalls;
  /** Puts the fleet on the channels `fleet`, `fleet-events` and `fleet-stats` of `server`, and moves it while somebody watches. */
  serve(server: Pick<Server<GalleryChannels>, 'channel'>): void;
  /** Stops within a tick. */
  close(): void;
}

interface SourceOptions {
  readonly counts?: Readonly<Record<VehicleKind, number>>;
  readonly places?: readonly Place[];
}

export function createFleetSource({ counts = fleetCounts, places = allPlaces }: SourceOptions = {}): FleetSource {
  const random = createRandom(seed);
  let isClosed = false;
  let planned: Promise<Journeys> | undefined;
  const plan = async (): Promise<Journeys> => {
    const { default: lanes } = await import('./sea-network.json', { with: { type: 'json' } });
    return planJourneys(places, createSeaNetwork(lanes), random);
  };
  const journeys = (): Promise<Journeys> => (planned ??= plan());

  return {
    calls: {
      'fleet/route': call(RouteRef, async ({ route }) => {
        const found = (await journeys()).routes.get(route);
        return found ? { points: [...found.points], lengthKm: Math.round(found.lengthKm) } : null;
      }),
    },
    serve: (server) => {
      const channels = {
        fleet: server.channel('fleet'),
        events: server.channel('fleet-events'),
        stats: server.channel('fleet-stats'),
      };
      const fences = createFenceWatch();
      const traffic = createTraffic();
      let placed: Promise<Fleet> | undefined;
      let isWatched = false;
      let isRunning = false;

      const setOut = async (): Promise<Fleet> => {
        const made = createFleet({ journeys: await journeys(), random, counts });
        const reports = made.reports();
        for (const report of reports) fences.crossings(report);
        for (let i = 0; i < reports.length && !isClosed; i += batch) {
          await channels.fleet.putAll(reports.slice(i, i + batch));
          await nextTurn();
        }
        return made;
      };
      /** A store that was away is asked again by whoever watches next. */
      const fleetOf = (): Promise<Fleet> =>
        (placed ??= setOut().catch((error: unknown) => {
          placed = undefined;
          throw error;
        }));
      fleetOf().catch(() => undefined);

      // #region teach:fleet-server
      const tell = async (reports: readonly Report[]): Promise<void> => {
        await channels.fleet.putAll(reports);
        for (const report of reports) {
          traffic.note(report);
          for (const event of fences.crossings(report)) await channels.events.publish(event);
        }
      };
      // #endregion

      const run = async (): Promise<void> => {
        const fleet = await fleetOf();
        let due = performance.now();
        let statsDue = due + statsMs;
        traffic.rates(due);
        while (isWatched && !isClosed) {
          await tell(fleet.advance());
          const now = performance.now();
          if (now >= statsDue) {
            statsDue = now + statsMs;
            await channels.stats.set({ vehicles: fleet.size, underway: fleet.underway(), ...traffic.rates(now) });
          }
          // Ticks missed in a busy moment are not made up for in a burst.
          due = Math.max(due + tickMs, now);
          await sleep(due - now);
        }
      };

      const runOnce = async (): Promise<void> => {
        if (isRunning) return;
        isRunning = true;
        try {
          await run();
        } finally {
          isRunning = false;
        }
      };

      // #region teach:fleet-server
      channels.fleet.demand(({ watchers }) => {
        isWatched = watchers > 0;
        // A store that fails or a server that closes ends the run; whoever watches next begins another.
        if (isWatched) runOnce().catch(() => undefined);
      });
      // #endregion
    },
    close: () => {
      isClosed = true;
    },
  };
}
