import { type ReactElement, useEffect, useRef } from 'react';
import { useThemeVersion } from '../compare/use-theme-version.js';
import type { RouteLine } from '../../shared/fleet/fleet.js';
import type { Fleet } from './fleet.js';
import { type WorldMap, createWorldMap } from './world-map.js';

const followMs = 500;

interface FleetMapProps {
  readonly fleet: Fleet;
  /** The one that is shown, once `onMap` was told of it. */
  readonly map: WorldMap | undefined;
  readonly onMap: (map: WorldMap | undefined) => void;
  readonly route: RouteLine | undefined;
  readonly isFollowing: boolean;
}

export function FleetMap({ fleet, map, onMap, route, isFollowing }: FleetMapProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const themeVersion = useThemeVersion();

  useEffect(() => {
    const made = createWorldMap({
      target: frame.current!,
      tracks: fleet.tracks,
      selected: fleet.selection.track,
      onLook: fleet.look,
      onPick: fleet.selection.select,
    });
    onMap(made);
    return () => {
      onMap(undefined);
      made.close();
    };
  }, [fleet, onMap]);
  useEffect(() => map?.recolor(), [map, themeVersion]);
  useEffect(() => map?.showRoute(route), [map, route]);
  useEffect(() => {
    if (!isFollowing) return;
    const timer = setInterval(() => map?.follow(), followMs);
    return () => clearInterval(timer);
  }, [map, isFollowing]);

  return (
    <div
      ref={frame}
      className="fleet-map"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- Open Layers moves what has the focus by arrow keys, + and -
      tabIndex={0}
      role="application"
      aria-label="Map of the fleet. Arrow keys move it, plus and minus zoom."
    />
  );
}
