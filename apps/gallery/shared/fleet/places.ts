import places from './places.json' with { type: 'json' };

/** Where ships and aircraft go. */
export interface Place {
  /** UN/LOCODE of a port, IATA code of an airport. */
  readonly code: string;
  readonly kind: 'port' | 'airport';
  readonly name: string;
  readonly country: string;
  readonly lng: number;
  readonly lat: number;
}

/** Ports and airports of the world, made by `scripts/fleet-data.mjs`, which says from what. */
export const allPlaces = places as readonly Place[];
