import type { FrameState } from 'ol/Map.js';
import type { State as SourceState } from 'ol/source/Source.js';
import Layer from 'ol/layer/Layer.js';
import { createDots } from './dots.js';
import type { SelectedTrack } from './selection.js';
import type { Palette } from './palette.js';
import type { MapPoint, Track } from './tracks.js';

/** Up to so many vehicles have an arrow and a tail; more of them are dots. */
const mostArrows = 1500;
/** In Mercator's projection. */
const halfWorldMeters = 20_037_508;
/** A click this far from a vehicle still means it, in pixels. */
const reach = 14;

export interface VehicleLayerOptions {
  readonly tracks: ReadonlyMap<string, Track>;
  readonly selected: () => SelectedTrack | undefined;
  readonly palette: () => Palette;
}

/**
 * Vehicles on a canvas of their own, above the map: they move sixty times a second, and what is below them is drawn anew
 * only when the map moves.
 */
export class VehicleLayer extends Layer {
  readonly #options: VehicleLayerOptions;
  /** Around the canvas: Open Layers would paint the layers above into the canvas itself. */
  readonly #element = document.createElement('div');
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d')!;
  readonly #dots = createDots(this.#context);
  readonly #point: MapPoint = { x: 0, y: 0 };
  /** The last painting: tracks, and their pixels, x and y in turn. */
  #painted: Track[] = [];
  #pixels = new Float32Array(0);
  #frame: FrameState | undefined;
  #isFresh = false;
  #request = 0;

  constructor(options: VehicleLayerOptions) {
    super({});
    this.#options = options;
    this.#element.className = 'fleet-vehicles';
    this.#element.append(this.#canvas);
    this.#request = requestAnimationFrame(this.#tick);
  }

  /** Open Layers asks sources for data; here there is none to wait for. */
  override getSourceState(): SourceState {
    return 'ready';
  }

  override render(frame: FrameState | null): HTMLElement {
    this.#frame = frame ?? undefined;
    this.#paint();
    this.#isFresh = true;
    return this.#element;
  }

  /** The vehicle that was painted nearest to a pixel of the map, if it is near. */
  pick([x = 0, y = 0]: readonly number[]): string | undefined {
    let nearest: string | undefined;
    let least = reach;
    this.#painted.forEach(({ key }, i) => {
      const distance = Math.hypot(this.#pixels[2 * i]! - x, this.#pixels[2 * i + 1]! - y);
      if (distance < least) [nearest, least] = [key, distance];
    });
    return nearest;
  }

  /** Returns painted tracks, the nearest to the middle of the map first. */
  nearest(count: number): Track[] {
    const [width = 0, height = 0] = this.#frame?.size ?? [];
    return this.#painted
      .map((track, i) => ({
        track,
        distance: Math.hypot(this.#pixels[2 * i]! - width / 2, this.#pixels[2 * i + 1]! - height / 2),
      }))
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, count)
      .map(({ track }) => track);
  }

  protected override disposeInternal(): void {
    cancelAnimationFrame(this.#request);
    super.disposeInternal();
  }

  readonly #tick = (): void => {
    this.#request = requestAnimationFrame(this.#tick);
    // When the map moves it has painted this frame already.
    if (!this.#isFresh) this.#paint();
    this.#isFresh = false;
  };

  #paint(): void {
    const frame = this.#frame;
    if (!frame) return;
    const context = this.#context;
    this.#resize(frame);
    this.#place(frame);
    const palette = this.#options.palette();
    if (this.#painted.length > mostArrows) {
      this.#dots.paint(this.#painted, this.#pixels, palette, frame.pixelRatio);
    } else {
      context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
      for (const kind of ['ship', 'aircraft'] as const) {
        context.fillStyle = context.strokeStyle = palette[kind];
        this.#paintArrows(kind, frame);
      }
    }
    const selected = this.#options.selected();
    if (selected) this.#paintSelected(selected, frame, palette);
  }

  #resize({ size: [width = 0, height = 0], pixelRatio }: FrameState): void {
    const canvas = this.#canvas;
    const [wide, high] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
      canvas.style.inlineSize = `${width}px`;
      canvas.style.blockSize = `${height}px`;
    }
    this.#context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  }

  /** Finds who is within the frame, and where. */
  #place({ size: [width = 0, height = 0], coordinateToPixelTransform }: FrameState): void {
    const { tracks } = this.#options;
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = coordinateToPixelTransform;
    if (this.#pixels.length < 2 * tracks.size) this.#pixels = new Float32Array(4 * tracks.size);
    const now = performance.now();
    const point = this.#point;
    const painted: Track[] = [];
    for (const track of tracks.values()) {
      track.at(now, point);
      const x = a * point.x + c * point.y + e;
      const y = b * point.x + d * point.y + f;
      if (x < -10 || y < -10 || x > width + 10 || y > height + 10) continue;
      this.#pixels[2 * painted.length] = x;
      this.#pixels[2 * painted.length + 1] = y;
      painted.push(track);
    }
    this.#painted = painted;
  }

  #paintArrows(kind: Track['vehicle']['kind'], frame: FrameState): void {
    const context = this.#context;
    const arrows = new Path2D();
    const tails = new Path2D();
    this.#painted.forEach((track, i) => {
      if (track.vehicle.kind !== kind) return;
      const [x, y] = [this.#pixels[2 * i]!, this.#pixels[2 * i + 1]!];
      addArrow(arrows, x, y, track, 1);
      addLine(tails, track.tail, [x, y], frame);
    });
    context.globalAlpha = 0.35;
    context.lineWidth = 1.2;
    context.stroke(tails);
    context.globalAlpha = 1;
    context.fill(arrows);
  }

  #paintSelected({ track, trail }: SelectedTrack, frame: FrameState, palette: Palette): void {
    const context = this.#context;
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = frame.coordinateToPixelTransform;
    const point = this.#point;
    track.at(performance.now(), point);
    const x = a * point.x + c * point.y + e;
    const y = b * point.x + d * point.y + f;
    const line = new Path2D();
    addLine(line, trail, [x, y], frame);
    context.strokeStyle = palette[track.vehicle.kind];
    context.lineWidth = 2.5;
    context.stroke(line);
    const arrow = new Path2D();
    addArrow(arrow, x, y, track, 1.7);
    context.fillStyle = palette.text;
    context.fill(arrow);
    context.strokeStyle = palette.accent;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 13, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** A square for who stands still. */
function addArrow(path: Path2D, x: number, y: number, { vehicle }: Track, scale: number): void {
  if (vehicle.status === 'stopped') {
    path.rect(x - 2 * scale, y - 2 * scale, 4 * scale, 4 * scale);
    return;
  }
  const angle = (vehicle.heading * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle) * scale, Math.cos(angle) * scale];
  const corner = (right: number, ahead: number): [number, number] => [
    x + cos * right + sin * ahead,
    y + sin * right - cos * ahead,
  ];
  path.moveTo(...corner(0, 6));
  path.lineTo(...corner(3.5, -4));
  path.lineTo(...corner(0, -2));
  path.lineTo(...corner(-3.5, -4));
  path.closePath();
}

/**
 * Through `points` of the map, x and y in turn, to a pixel where it ends. A line over 180° ends at one side of the map and
 * goes on at the other.
 */
function addLine(
  path: Path2D,
  points: readonly number[],
  end: readonly [x: number, y: number],
  { coordinateToPixelTransform, viewState }: FrameState,
): void {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = coordinateToPixelTransform;
  const halfWorld = halfWorldMeters / viewState.resolution;
  let before: number | undefined;
  const add = (left: number, top: number): void => {
    if (before === undefined || Math.abs(left - before) > halfWorld) path.moveTo(left, top);
    else path.lineTo(left, top);
    before = left;
  };
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    add(a * x + c * y + e, b * x + d * y + f);
  }
  add(...end);
}
