import 'ol/ol.css';
import '../styles/fleet.css';
import { type ReactElement, useEffect, useState } from 'react';
import { fleetCounts, vehicleKinds } from '../../shared/fleet/kinds.js';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { useTitle } from '../shell/use-title.js';
import { connectCounted } from './counted-client.js';
import { EventList } from './event-list.js';
import { Figures } from './figures.js';
import type { Found } from './find.js';
import { Finder } from './finder.js';
import { FleetMap } from './fleet-map.js';
import { type Fleet, type FleetState, createFleet } from './fleet.js';
import { Sources } from './sources.js';
import { VehicleDetails } from './vehicle-details.js';
import { count } from './words.js';
import type { WorldMap } from './world-map.js';

/** Vehicles in view that can be found without their key. */
const searched = 500;

export function FleetPage(): ReactElement {
  useTitle('Fleet');
  const { wire } = useSession();
  const [fleet, setFleet] = useState<Fleet>();
  useEffect(() => {
    const counted = connectCounted(location.origin, wire);
    const made = createFleet(counted);
    setFleet(made);
    return () => {
      made.close();
      counted.client.close();
    };
  }, [wire]);

  return (
    <div className="fleet">
      <header className="page-head">
        <h1>Fleet</h1>
        <p>
          {count(fleetCounts.ship + fleetCounts.aircraft)} ships and aircraft between real ports and airports. The page
          asks for what its map shows, as often as that is worth it, and the server sends nothing else.
        </p>
      </header>
      {fleet && (
        // Together, so that nothing is pushed away by what comes a moment later.
        <>
          <Live fleet={fleet} />
          <Sources />
        </>
      )}
    </div>
  );
}

function Live({ fleet }: { readonly fleet: Fleet }): ReactElement {
  const state = useStore(fleet.store);
  const [isFollowed, setFollowed] = useState(false);
  const [map, setMap] = useState<WorldMap>();
  const { selected } = useStore(fleet.selection.store);

  const select = (key: string): void => {
    fleet.selection.select(key);
    setFollowed(true);
  };
  const goTo = (found: Found): void => {
    switch (found.kind) {
      case 'vehicle':
        select(found.id);
        break;
      case 'place':
        setFollowed(false);
        map?.goTo(found.place);
        break;
      case 'fence':
        setFollowed(false);
        map?.goToFence(found.fence);
        break;
    }
  };

  return (
    <div className="fleet-live">
      <section className="fleet-main" aria-labelledby="map-title">
        <h2 id="map-title" className="visually-hidden">
          Map
        </h2>
        <div className="fleet-bar">
          <Finder
            seen={() => (map?.nearest(searched) ?? []).map(({ key, vehicle }) => ({ key, vehicle }))}
            onChoose={goTo}
          />
          <Kinds kind={state.kind} onChoose={fleet.showOnly} />
          <button
            type="button"
            className="button"
            onClick={() => {
              setFollowed(false);
              map?.goToWorld();
            }}
          >
            Whole world
          </button>
        </div>
        <FleetMap
          fleet={fleet}
          map={map}
          onMap={setMap}
          route={selected?.line}
          isFollowing={isFollowed && selected !== undefined}
        />
        <p className="fleet-state" role="status" data-testid="fleet-state">
          {describe(state)}
        </p>
      </section>
      <div className="fleet-side">
        <VehicleDetails
          selected={selected}
          isFollowed={isFollowed}
          onFollow={setFollowed}
          onClose={() => fleet.selection.select(undefined)}
        />
        <EventList
          events={state.events}
          onVehicle={select}
          onFence={(fence) => {
            setFollowed(false);
            map?.goToFence(fence);
          }}
        />
      </div>
      <Figures flow={state.flow} all={state.all} inView={state.inView} />
    </div>
  );
}

const kindNames = { all: 'All', ship: 'Ships', aircraft: 'Aircraft' } as const;

function Kinds({
  kind,
  onChoose,
}: {
  readonly kind: FleetState['kind'];
  readonly onChoose: Fleet['showOnly'];
}): ReactElement {
  return (
    <fieldset className="kinds">
      <legend className="visually-hidden">Show</legend>
      {(['all', ...vehicleKinds] as const).map((each) => (
        <label key={each} className={`kind-${each}`}>
          <input type="radio" name="kind" checked={kind === each} onChange={() => onChoose(each)} />
          {kindNames[each]}
        </label>
      ))}
    </fieldset>
  );
}

function describe({ connection, endedBecause, inView }: FleetState): string {
  if (endedBecause !== undefined) return `Refused: ${endedBecause}`;
  switch (connection.status) {
    case 'connected':
      if (inView === undefined) return 'Asking for what is in view…';
      return inView === 0 ? 'Nobody is in view yet.' : `Live: ${count(inView)} in view.`;
    case 'connecting':
      return 'Connecting…';
    case 'waiting':
      return 'Offline. Everything stays where it was; what has changed comes with the connection.';
    case 'closed':
      return 'Closed.';
  }
}
