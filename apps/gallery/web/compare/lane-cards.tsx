import type { ReactElement } from 'react';
import { laneNames } from '../../shared/compare-limits.js';
import { laneInfo } from './lane-info.js';
import { LaneMark } from './lane-mark.js';

export function LaneCards(): ReactElement {
  return (
    <section aria-labelledby="lanes-title">
      <h2 id="lanes-title">Which one, when</h2>
      <ul className="cards">
        {laneNames.map((name) => (
          <li key={name} className="card">
            <h3>
              <LaneMark name={name} /> {laneInfo[name].title}
            </h3>
            <p>{laneInfo[name].how}</p>
            <p>{laneInfo[name].when}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
