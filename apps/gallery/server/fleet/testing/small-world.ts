import type { Place } from '../../../shared/fleet/places.js';
import { allPlaces } from '../../../shared/fleet/places.js';
import { type Journeys, planJourneys } from '../journeys.js';
import { createRandom } from '../../random.js';
import lanes from '../sea-network.json' with { type: 'json' };
import { createSeaNetwork } from '../sea-network.js';

/** Some of the real places: planned in a moment. */
export const somePlaces: readonly Place[] = allPlaces.filter(({ code }) =>
  ['NLRTM', 'SGSIN', 'USNYC', 'BRSSZ', 'JPTYO', 'LHR', 'JFK', 'HND', 'GRU', 'SYD', 'CDG'].includes(code),
);

export function planSmallWorld(seed: number): Promise<Journeys> {
  return planJourneys(somePlaces, createSeaNetwork(lanes), createRandom(seed));
}
