import landUrl from 'world-atlas/countries-50m.json?url';
import Feature from 'ol/Feature.js';
import OpenLayersMap from 'ol/Map.js';
import View from 'ol/View.js';
import { defaults as defaultControls } from 'ol/control/defaults.js';
import type { Geometry } from 'ol/geom.js';
import LineString from 'ol/geom/LineString.js';
import Point from 'ol/geom/Point.js';
import DragPan from 'ol/interaction/DragPan.js';
import { defaults as defaultInteractions } from 'ol/interaction/defaults.js';
import { circular, fromExtent } from 'ol/geom/Polygon.js';
import VectorLayer from 'ol/layer/Vector.js';
import { fromLonLat, transformExtent } from 'ol/proj.js';
import VectorSource from 'ol/source/Vector.js';
import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';
import { type Fence, fences } from '../../shared/fleet/fences.js';
import type { RouteLine } from '../../shared/fleet/fleet.js';
import { allPlaces } from '../../shared/fleet/places.js';
import { readLand } from './land.js';
import { type Palette, readPalette } from './palette.js';
import type { SelectedTrack } from './selection.js';
import type { Track } from './tracks.js';
import { VehicleLayer } from './vehicle-layer.js';
import type { Box } from './view-for.js';

/** Europe and what goes to and from it. */
const firstCenter = [6, 46];
const firstZoom = 4.2;
/** Names of places show from here on, in meters of the map for a pixel. */
const namesFrom = 4000;
const projection = 'EPSG:3857';
const degrees = 'EPSG:4326';

export interface WorldMapOptions {
  readonly target: HTMLElement;
  readonly tracks: ReadonlyMap<string, Track>;
  readonly selected: () => SelectedTrack | undefined;
  /** This is to be seen now. */
  readonly onLook: (box: Box) => void;
  readonly onPick: (key: string | undefined) => void;
}

/** A map of the world that needs nothing but this page: drawn on canvas, without tiles and without WebGL. */
export interface WorldMap {
  /** Moves there, and zooms in if it is far away. */
  goTo(point: { readonly lng: number; readonly lat: number }): void;
  goToFence(fence: Fence): void;
  goToWorld(): void;
  /** Brings the vehicle that is selected back when it nears the border. */
  follow(): void;
  showRoute(line: RouteLine | undefined): void;
  /** Vehicles that are seen, the nearest to the middle first. */
  nearest(count: number): Track[];
  recolor(): void;
  close(): void;
}

export function createWorldMap({ target, tracks, selected, onLook, onPick }: WorldMapOptions): WorldMap {
  let palette: Palette = readPalette(target);
  const landSource = new VectorSource({ wrapX: false });
  const land = new VectorLayer({ source: landSource });
  // Without the land there is the sea, and everything that moves.
  void loadLand().then(
    (features) => landSource.addFeatures(features),
    () => undefined,
  );
  const fenceLayer = new VectorLayer({
    declutter: true,
    source: new VectorSource({ features: fences.map(featureOf), wrapX: false }),
  });
  const routeLayer = new VectorLayer({ source: new VectorSource({ wrapX: false }) });
  const placeLayer = new VectorLayer({
    declutter: true,
    maxResolution: namesFrom,
    source: new VectorSource({
      features: allPlaces.map(
        ({ lng, lat, name, kind }) => new Feature({ geometry: new Point(fromLonLat([lng, lat])), name, kind }),
      ),
      wrapX: false,
    }),
  });
  const vehicles = new VehicleLayer({ tracks, selected, palette: () => palette });
  const view = new View({
    center: fromLonLat(firstCenter),
    zoom: firstZoom,
    maxZoom: 12,
    multiWorld: false,
    enableRotation: false,
  });
  const map = new OpenLayersMap({
    target,
    view,
    layers: [land, routeLayer, vehicles, fenceLayer, placeLayer],
    controls: defaultControls({ attribution: false, rotate: false }),
    // The wheel zooms once the map has the focus, and scrolls the page before; a drag or one finger moves the map at once.
    interactions: defaultInteractions({ onFocusOnly: true, dragPan: false }).extend([new DragPan()]),
  });

  const recolor = (): void => {
    palette = readPalette(target);
    land.setBackground(palette.water);
    land.setStyle(
      new Style({
        fill: new Fill({ color: palette.land }),
        stroke: new Stroke({ color: palette.border, width: 0.75 }),
      }),
    );
    fenceLayer.setStyle((feature) => fenceStyle(String(feature.get('name')), palette));
    routeLayer.setStyle(new Style({ stroke: new Stroke({ color: palette.accent, width: 1.5, lineDash: [6, 6] }) }));
    placeLayer.setStyle((feature) => placeStyle(String(feature.get('name')), palette));
  };
  recolor();

  const look = (): void => {
    const box = transformExtent(view.calculateExtent(map.getSize()), projection, degrees);
    const [minLng = -180, minLat = -90, maxLng = 180, maxLat = 90] = box;
    onLook([Math.max(-180, minLng), minLat, Math.min(180, maxLng), maxLat]);
  };
  const durationMs = (): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 500);
  const moveTo = (center: number[], zoom: number): void => view.animate({ center, zoom, duration: durationMs() });
  map.on('moveend', look);
  map.on('singleclick', ({ pixel }) => onPick(vehicles.pick(pixel)));

  return {
    goTo: ({ lng, lat }) => moveTo(fromLonLat([lng, lat]), Math.max(view.getZoom() ?? 0, 6)),
    goToFence: (fence) =>
      view.fit(geometryOf(fence).getExtent(), { padding: [60, 60, 60, 60], duration: durationMs() }),
    goToWorld: () => moveTo(fromLonLat([0, 25]), view.getMinZoom()),
    follow: () => {
      const size = map.getSize();
      const chosen = selected();
      if (!size || !chosen || view.getAnimating() || view.getInteracting()) return;
      const point = { x: 0, y: 0 };
      chosen.track.at(performance.now(), point);
      const [x = 0, y = 0] = map.getPixelFromCoordinate([point.x, point.y]) ?? [];
      const [width = 0, height = 0] = size;
      const isInside = Math.abs(x / width - 0.5) < 0.3 && Math.abs(y / height - 0.5) < 0.3;
      if (!isInside) moveTo([point.x, point.y], view.getZoom() ?? 0);
    },
    showRoute: (line) => {
      const source = routeLayer.getSource();
      source?.clear();
      if (line) source?.addFeatures(linesOf(line).map((coordinates) => new Feature(new LineString(coordinates))));
    },
    nearest: (count) => vehicles.nearest(count),
    recolor,
    close: () => {
      vehicles.dispose();
      map.setTarget(undefined);
      map.dispose();
    },
  };
}

async function loadLand(): Promise<Feature<Geometry>[]> {
  const response = await fetch(landUrl);
  return readLand(await response.json());
}

function featureOf(fence: Fence): Feature<Geometry> {
  return new Feature({ geometry: geometryOf(fence), name: fence.name });
}

function geometryOf({ shape }: Fence): Geometry {
  if ('box' in shape) return fromExtent([...shape.box]).transform(degrees, projection);
  const [lng, lat, km] = shape.circle;
  return circular([lng, lat], km * 1000, 64).transform(degrees, projection);
}

/** A route that leaves the map at 180° comes in again on the other side: it is drawn there too. */
function linesOf({ points }: RouteLine): number[][][] {
  const line = (shift: number): number[][] => {
    const coordinates: number[][] = [];
    for (let i = 0; i + 1 < points.length; i += 2) {
      coordinates.push(fromLonLat([points[i]! + shift, points[i + 1]!]));
    }
    return coordinates;
  };
  const longitudes = points.filter((_, i) => i % 2 === 0);
  const shifts = [0];
  if (Math.max(...longitudes) > 180) shifts.push(-360);
  if (Math.min(...longitudes) < -180) shifts.push(360);
  return shifts.map(line);
}

function fenceStyle(name: string, { accent, land, text }: Palette): Style {
  return new Style({
    stroke: new Stroke({ color: accent, width: 1.5 }),
    fill: new Fill({ color: 'rgb(0 0 0 / 0)' }),
    text: label(name, text, land, { overflow: true, font: '600 12px system-ui, sans-serif' }),
  });
}

function placeStyle(name: string, { quiet, land }: Palette): Style {
  return new Style({
    image: new CircleStyle({ radius: 2, fill: new Fill({ color: quiet }) }),
    text: label(name, quiet, land, { offsetY: -9, font: '11px system-ui, sans-serif' }),
  });
}

function label(text: string, color: string, halo: string, options: ConstructorParameters<typeof Text>[0]): Text {
  return new Text({
    text,
    fill: new Fill({ color }),
    stroke: new Stroke({ color: halo, width: 3 }),
    ...options,
  });
}
