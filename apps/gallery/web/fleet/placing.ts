import { type Place, allPlaces } from '../../shared/fleet/places.js';

const byCode = new Map(allPlaces.map((place) => [place.code, place]));

/** Both ends of a route such as `NLRTM-SGSIN`. */
export function endsOf(route: string): { readonly from: Place | undefined; readonly to: Place | undefined } {
  const [from = '', to = ''] = route.split('-');
  return { from: byCode.get(from), to: byCode.get(to) };
}
