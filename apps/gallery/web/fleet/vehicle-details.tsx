import type { ReactElement } from 'react';
import type { Selected } from './selection.js';
import { count, headingWords, nameOf, positionWords, routeWords, speedWords, statusWords } from './words.js';

interface VehicleDetailsProps {
  readonly selected: Selected | undefined;
  readonly isFollowed: boolean;
  readonly onFollow: (isFollowed: boolean) => void;
  readonly onClose: () => void;
}

export function VehicleDetails({ selected, isFollowed, onFollow, onClose }: VehicleDetailsProps): ReactElement {
  return (
    <section className="panel" aria-labelledby="details-title" data-testid="details">
      <div className="panel-head">
        <h2 id="details-title">{selected ? nameOf(selected.key) : 'No vehicle selected'}</h2>
        {selected && (
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        )}
      </div>
      {selected ? (
        <Facts selected={selected} />
      ) : (
        <p className="quiet">Press one on the map, or find it by its key. It is watched wherever it goes.</p>
      )}
      {selected?.status === 'here' && (
        <label className="check">
          <input type="checkbox" checked={isFollowed} onChange={({ target }) => onFollow(target.checked)} />
          Keep it on the map
        </label>
      )}
    </section>
  );
}

function Facts({ selected: { status, vehicle, line } }: { readonly selected: Selected }): ReactElement {
  if (status === 'missing') return <p className="problem">There is no such vehicle.</p>;
  if (!vehicle) return <p className="quiet">Asking where it is…</p>;
  const facts = {
    Route: routeWords(vehicle),
    Length: line ? `${count(line.lengthKm)} km` : '…',
    Status: statusWords(vehicle),
    Speed: speedWords(vehicle),
    Heading: headingWords(vehicle.heading),
    Reported: positionWords(vehicle),
  };
  return (
    <dl className="vehicle-facts">
      {Object.entries(facts).map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-testid={`fact: ${name}`}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
