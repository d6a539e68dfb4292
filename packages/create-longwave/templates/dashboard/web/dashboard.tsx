import { useMap } from 'longwave/react';
import { useState } from 'react';
import type { Vehicle } from '../shared/channels.js';
import { Plane } from './plane.js';
import { useChannel, useConnection } from './realtime.js';
import { type Box, whole } from './viewport.js';

export function Dashboard() {
  const [box, setBox] = useState<Box>(whole);
  const [status, setStatus] = useState<Vehicle['status'] | undefined>();
  const connection = useConnection();
  // Only what the page shows is sent, twice a second at most. Another box sends what is new in it.
  const { entries, state } = useMap(useChannel('fleet'), {
    area: { at: ['x', 'y'], box: [...box] },
    ...(status && { where: { status } }),
    rate: 2,
  });
  return (
    <main>
      <header>
        <h1>{document.title}</h1>
        <label>
          Show{' '}
          <select
            value={status ?? ''}
            onChange={({ target }) => setStatus((target.value || undefined) as Vehicle['status'] | undefined)}
          >
            <option value="">all</option>
            <option value="free">free</option>
            <option value="busy">busy</option>
          </select>
        </label>
        <output>{state === 'pending' ? 'Loading' : `${entries.size} in view`}</output>
        <span>{connection.status}</span>
      </header>
      <Plane box={box} onMove={setBox} vehicles={entries} />
    </main>
  );
}
