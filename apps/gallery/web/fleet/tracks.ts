import { fromLonLat } from 'ol/proj.js';
import type { Vehicle } from '../../shared/fleet/fleet.js';
import { timeScale } from '../../shared/fleet/kinds.js';

/** How long what was shown and what is reported glide into one. */
const glideMs = 1000;
/** Without a new report a vehicle is believed to go on for so long. Reports of all of the world come every ten seconds. */
const reckonedMs = 15_000;
/** A difference that no vehicle covers between two reports: it is put where it is, without a glide. */
const jumpMeters = 400_000;
const tailLength = 4;

/** A point on the map: meters in Mercator's projection. */
export interface MapPoint {
  x: number;
  y: number;
}

/**
 * A vehicle between its reports. Where it is shown is reckoned from the last one by heading and speed; what that was
 * wrong by is spread over the second after the next.
 */
export interface Track {
  readonly key: string;
  /** As last reported. */
  readonly vehicle: Vehicle;
  /** Where it was reported, oldest first, the last one included: x and y in turn. At most a few. */
  readonly tail: readonly number[];
  /** Where it is shown at `now`, written into `into`, so that a frame of thousands makes no garbage. */
  at(now: number, into: MapPoint): void;
  /** `now` is in milliseconds, from anywhere. */
  report(vehicle: Vehicle, now: number): void;
}

export function createTrack(key: string, first: Vehicle, now: number): Track {
  let vehicle = first;
  let reportedAt = now;
  let [x, y] = positionOf(first);
  /** Meters of the map in a millisecond. */
  let [dx, dy] = motionOf(first);
  /** Difference between the shown and the reckoned place at the last report. */
  let [offX, offY] = [0, 0];
  const tail = [x, y];
  const shown: MapPoint = { x, y };

  const at = (time: number, into: MapPoint): void => {
    const age = Math.min(Math.max(0, time - reportedAt), reckonedMs);
    const left = Math.max(0, 1 - age / glideMs);
    into.x = x + dx * age + offX * left;
    into.y = y + dy * age + offY * left;
  };

  return {
    key,
    get vehicle() {
      return vehicle;
    },
    tail,
    at,
    report: (next, time) => {
      at(time, shown);
      vehicle = next;
      reportedAt = time;
      [x, y] = positionOf(next);
      [dx, dy] = motionOf(next);
      const isJump = Math.hypot(shown.x - x, shown.y - y) > jumpMeters;
      [offX, offY] = isJump ? [0, 0] : [shown.x - x, shown.y - y];
      if (isJump) tail.length = 0;
      tail.push(x, y);
      if (tail.length > 2 * tailLength) tail.splice(0, 2);
    },
  };
}

/** Where a place is on the map, in meters. */
export function positionOf({ lng, lat }: { readonly lng: number; readonly lat: number }): [x: number, y: number] {
  const [x = 0, y = 0] = fromLonLat([lng, lat]);
  return [x, y];
}

function motionOf({ heading, speed, lat }: Vehicle): [dx: number, dy: number] {
  const radians = Math.PI / 180;
  // Mercator draws everything larger by this, the further from the equator.
  const stretch = 1 / Math.cos(lat * radians);
  const metersPerMs = (speed * timeScale * stretch) / 3600;
  return [Math.sin(heading * radians) * metersPerMs, Math.cos(heading * radians) * metersPerMs];
}
