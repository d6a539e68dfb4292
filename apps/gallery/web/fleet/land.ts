import Feature from 'ol/Feature.js';
import TopoJSON from 'ol/format/TopoJSON.js';
import type { Geometry } from 'ol/geom.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import Polygon from 'ol/geom/Polygon.js';
import { fromLonLat } from 'ol/proj.js';

type Ring = readonly (readonly number[])[];

/** Where Mercator's map ends. */
const mapEndsAt = 85.05;

/**
 * The countries of the world as features for a flat map, from a topology that was made for a globe: there, a country lies
 * across 180° in one piece. Here it goes on beyond it, and comes in again on the other side.
 */
export function readLand(topology: unknown): Feature<Geometry>[] {
  return new TopoJSON({ layers: ['countries'] }).readFeatures(topology).map((feature) => {
    const polygons = polygonsOf(feature.getGeometry()).flatMap(flatten);
    return new Feature(new MultiPolygon(polygons.map((rings) => rings.map(project))));
  });
}

function polygonsOf(geometry: Geometry | undefined): Ring[][] {
  if (geometry instanceof Polygon) return [geometry.getCoordinates()];
  return geometry instanceof MultiPolygon ? geometry.getCoordinates() : [];
}

/** A polygon whose longitudes do not jump, and its copy where it sticks out of the map. Exported for its test. */
export function flatten(rings: readonly Ring[]): Ring[][] {
  const whole = rings.map(withoutJumps);
  const longitudes = whole.flatMap((ring) => ring.map(([lng = 0]) => lng));
  const copies = [whole];
  if (Math.max(...longitudes) > 180) copies.push(whole.map((ring) => shifted(ring, -360)));
  if (Math.min(...longitudes) < -180) copies.push(whole.map((ring) => shifted(ring, 360)));
  return copies;
}

function withoutJumps(ring: Ring): Ring {
  let before = ring[0]?.[0] ?? 0;
  const smooth = ring.map(([lng = 0, lat = 0]) => {
    before = lng - 360 * Math.round((lng - before) / 360);
    return [before, lat];
  });
  const [first, last] = [smooth[0]?.[0] ?? 0, smooth.at(-1)?.[0] ?? 0];
  if (Math.abs(last - first) < 180) return smooth;
  // Around a pole it does not come back to where it began: it is closed along the border of the map.
  const pole = (smooth[0]?.[1] ?? 0) < 0 ? -90 : 90;
  return [...smooth, [last, pole], [first, pole], [first, smooth[0]?.[1] ?? 0]];
}

function shifted(ring: Ring, degrees: number): Ring {
  return ring.map(([lng = 0, lat = 0]) => [lng + degrees, lat]);
}

function project(ring: Ring): number[][] {
  return ring.map(([lng = 0, lat = 0]) => fromLonLat([lng, Math.max(-mapEndsAt, Math.min(mapEndsAt, lat))]));
}
