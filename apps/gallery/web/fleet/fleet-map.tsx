import { type ReactElement, type RefObject, useEffect, useRef } from 'react';
import { useThemeVersion } from '../compare/use-theme-version.js';
import type { RouteLine } from '../../shared/fleet/fleet.js';
import type { Fleet } from './fleet.js';
import { type WorldMap, createWorldMap } from './world-map.js';

const followMs = 500;

interface FleetMapProps {
  readonly fleet: Fleet;
  /** Set to the map that is shown. */
  readonly map: RefObject<WorldMap | undefined>;
  readonly route: RouteLine | undefined;
  readonly isFollowing: boolean;
}

export function FleetMap({ fleet, map, route, isFollowing }: FleetMapProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const themeVersion = useThemeVersion();

  useEffect(() => {
    const made = createWorldMap({
      target: frame.current!,
      tracks: fleet.tracks,
      selected: fleet.selectedTrack,
      onLook: fleet.look,
      onPick: fleet.select,
    });
    map.current = made;
    return () => {
      map.current = undefined;
      made.close();
    };
  }, [fleet, map]);
  useEffect(() => map.current?.recolor(), [map, themeVersion]);
  useEffect(() => map.current?.showRoute(route), [map, route]);
  useEffect(() => {
    if (!isFollowing) return;
    const timer = setInterval(() => map.current?.follow(), followMs);
    return () => clearInterval(timer);
  }, [map, isFollowing]);

  return (
    <div
      ref={frame}
      className="fleet-map"
      // Open Layers moves it by arrow keys, and zooms by + and -, while it has the focus.
      tabIndex={0}
      role="application"
      aria-label="Map of the fleet. Arrow keys move it, plus and minus zoom."
    />
  );
}
