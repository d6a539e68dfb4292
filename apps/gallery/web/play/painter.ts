import type { ArenaEntities, Ship } from '../../shared/arena/arena.js';
import { shipRadius, size } from '../../shared/arena/limits.js';
import type { Camera } from './camera.js';
import { type StageColors, hueCount, readColors } from './colors.js';
import type { Effects } from './effects.js';

/** All that one frame of the stage shows. */
export interface Scene {
  readonly entities: ArenaEntities;
  /** The own ship as it is to be drawn, and its id. */
  readonly own: Ship | undefined;
  readonly player: number | undefined;
  readonly leader: number | undefined;
  readonly tick: number;
  readonly now: number;
  /** Own beams are painted as flashes: those that the server tells of come later. */
  readonly hidesOwnBeams: boolean;
}

const gridUnits = 120;
const nameFont = '600 12px system-ui, sans-serif';
/** More pixels cost time and are not seen. */
const mostPixelRatio = 2;

/** Paints the stage. */
export class Painter {
  readonly camera: Camera;
  readonly effects: Effects;
  /** Nothing flickers and nothing flies about. */
  isCalm = false;
  /** Where thumbs are, there is no room for it. */
  showsMap = true;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #colors: StageColors;
  #ratio = 1;

  constructor(canvas: HTMLCanvasElement, camera: Camera, effects: Effects) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false })!;
    this.camera = camera;
    this.effects = effects;
    this.#colors = readColors(canvas);
  }

  recolor(): void {
    this.#colors = readColors(this.#canvas);
  }

  /** In CSS pixels. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#ratio = Math.min(mostPixelRatio, pixelRatio);
    this.#canvas.width = Math.max(1, Math.round(width * this.#ratio));
    this.#canvas.height = Math.max(1, Math.round(height * this.#ratio));
    this.camera.resize(width, height);
  }

  hueOf(id: number): number {
    return id % hueCount;
  }

  paint(scene: Scene): void {
    const { camera } = this;
    const context = this.#context;
    const zoom = camera.scale * this.#ratio;
    this.#floor();
    // In units from here on.
    context.setTransform(
      ...[zoom, 0, 0, zoom],
      (camera.width / 2) * this.#ratio - camera.x * zoom,
      (camera.height / 2) * this.#ratio - camera.y * zoom,
    );
    context.lineCap = context.lineJoin = 'round';
    this.#sparks(scene);
    if (!this.isCalm) this.#trails(scene);
    this.#beams(scene);
    for (const [id, ship] of scene.entities.ship) if (id !== scene.player) this.#ship(id, ship, scene);
    if (scene.own && scene.player !== undefined) this.#ship(scene.player, scene.own, scene);
    if (!this.isCalm) this.#bits();
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#names(scene);
    if (this.showsMap && camera.height >= 320) this.#map(scene);
  }

  #floor(): void {
    const { camera } = this;
    const context = this.#context;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.fillStyle = this.#colors.outside;
    context.fillRect(0, 0, camera.width, camera.height);
    const [left, top, side] = [camera.toScreenX(0), camera.toScreenY(0), size * camera.scale];
    context.fillStyle = this.#colors.floor;
    context.fillRect(left, top, side, side);
    context.strokeStyle = this.#colors.grid;
    context.lineWidth = 1;
    context.beginPath();
    for (let at = gridUnits; at < size; at += gridUnits) {
      const [x, y] = [Math.round(camera.toScreenX(at)) + 0.5, Math.round(camera.toScreenY(at)) + 0.5];
      if (x > 0 && x < camera.width) {
        context.moveTo(x, Math.max(0, top));
        context.lineTo(x, Math.min(camera.height, top + side));
      }
      if (y > 0 && y < camera.height) {
        context.moveTo(Math.max(0, left), y);
        context.lineTo(Math.min(camera.width, left + side), y);
      }
    }
    context.stroke();
    context.strokeStyle = this.#colors.edge;
    context.lineWidth = 2;
    context.strokeRect(left, top, side, side);
  }

  #sparks({ entities, own, now }: Scene): void {
    const context = this.#context;
    for (const [id, spark] of entities.spark) {
      if (!this.camera.sees(spark, 20)) continue;
      // The server says so a moment later.
      if (own && own.shield > 0 && Math.hypot(own.x - spark.x, own.y - spark.y) < shipRadius + 6) continue;
      const pulse = this.isCalm ? 1 : 1 + 0.12 * Math.sin(now / 240 + id);
      const radius = (spark.worth > 1 ? 11 : 6.5) * pulse;
      context.fillStyle = spark.worth > 1 ? this.#colors.gold : this.#colors.spark;
      context.globalAlpha = 0.18;
      context.beginPath();
      context.arc(spark.x, spark.y, radius * 1.9, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
      context.beginPath();
      context.moveTo(spark.x, spark.y - radius);
      context.lineTo(spark.x + radius * 0.8, spark.y);
      context.lineTo(spark.x, spark.y + radius);
      context.lineTo(spark.x - radius * 0.8, spark.y);
      context.fill();
    }
  }

  #trails({ player }: Scene): void {
    const context = this.#context;
    context.lineWidth = 9;
    context.lineCap = 'butt';
    for (const [id, trail] of this.effects.trails) {
      const last = trail.at(-1)!;
      if (!this.camera.sees(last, 120)) continue;
      context.strokeStyle = id === player ? this.#colors.own : this.#colors.hues[this.hueOf(id)]!;
      for (let i = 1; i < trail.length; i++) {
        context.globalAlpha = (0.28 * i) / trail.length;
        context.beginPath();
        context.moveTo(trail[i - 1]!.x, trail[i - 1]!.y);
        context.lineTo(trail[i]!.x, trail[i]!.y);
        context.stroke();
      }
    }
    context.lineCap = 'round';
    context.globalAlpha = 1;
  }

  #beams({ entities, player, hidesOwnBeams }: Scene): void {
    for (const beam of entities.beam.values()) {
      if (hidesOwnBeams && beam.by === player) continue;
      this.#beam(beam, { x: beam.toX, y: beam.toY }, this.#colors.hues[this.hueOf(beam.by)]!);
    }
    for (const { from, to } of this.effects.flashes) this.#beam(from, to, this.#colors.own);
  }

  #beam(from: { readonly x: number; readonly y: number }, to: typeof from, color: string): void {
    const context = this.#context;
    context.strokeStyle = color;
    for (const [width, alpha] of [
      [9, 0.22],
      [3, 1],
    ] as const) {
      context.globalAlpha = alpha;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  #ship(id: number, ship: Ship, { player, tick }: Scene): void {
    if (ship.shield === 0 || !this.camera.sees(ship, 60)) return;
    const context = this.#context;
    const isOwn = id === player;
    const color = isOwn ? this.#colors.own : this.#colors.hues[this.hueOf(id)]!;
    context.save();
    context.translate(ship.x, ship.y);
    if (tick < ship.safeUntil) {
      context.fillStyle = color;
      context.globalAlpha = 0.16;
      context.beginPath();
      context.arc(0, 0, shipRadius * 2, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
    }
    // A third of a ring for each hit that it still takes.
    context.strokeStyle = color;
    context.lineWidth = 3;
    for (let part = 0; part < ship.shield; part++) {
      const start = -Math.PI / 2 + (part * 2 * Math.PI) / 3;
      context.beginPath();
      context.arc(0, 0, shipRadius + 7, start + 0.16, start + (2 * Math.PI) / 3 - 0.16);
      context.stroke();
    }
    context.rotate(ship.angle);
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(shipRadius + 3, 0);
    context.lineTo(-shipRadius * 0.75, shipRadius * 0.82);
    context.lineTo(-shipRadius * 0.35, 0);
    context.lineTo(-shipRadius * 0.75, -shipRadius * 0.82);
    context.closePath();
    context.fill();
    if (isOwn) {
      context.strokeStyle = this.#colors.text;
      context.lineWidth = 2;
      context.stroke();
    }
    context.restore();
  }

  #bits(): void {
    const context = this.#context;
    for (const { x, y, hue, ageMs, lifeMs } of this.effects.bits) {
      context.globalAlpha = Math.max(0, 1 - ageMs / lifeMs);
      context.fillStyle = this.#colors.hues[hue]!;
      context.fillRect(x - 2.5, y - 2.5, 5, 5);
    }
    context.globalAlpha = 1;
  }

  #names({ entities, own, player, leader }: Scene): void {
    const context = this.#context;
    const { camera } = this;
    context.font = nameFont;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    context.lineWidth = 3;
    context.strokeStyle = this.#colors.floor;
    for (const [id, shown] of entities.ship) {
      const ship = id === player ? (own ?? shown) : shown;
      const score = entities.score.get(id);
      if (!score || ship.shield === 0 || !camera.sees(ship, 80)) continue;
      const [x, y] = [camera.toScreenX(ship.x), camera.toScreenY(ship.y) - (shipRadius + 14) * camera.scale];
      context.fillStyle = id === player ? this.#colors.text : this.#colors.quiet;
      const name = id === leader ? `★ ${score.name}` : score.name;
      context.strokeText(name, x, y);
      context.fillText(name, x, y);
    }
  }

  /** All of the arena, small: the ships that are near, and the part that is seen. */
  #map({ entities, own, player }: Scene): void {
    const context = this.#context;
    const { camera } = this;
    const side = Math.min(110, camera.width * 0.2);
    const [left, top, scale] = [camera.width - side - 12, camera.height - side - 12, side / size];
    context.globalAlpha = 0.85;
    context.fillStyle = this.#colors.outside;
    context.fillRect(left, top, side, side);
    context.globalAlpha = 1;
    context.strokeStyle = this.#colors.edge;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
    for (const [id, ship] of entities.ship) {
      if (ship.shield === 0 || id === player) continue;
      context.fillStyle = this.#colors.hues[this.hueOf(id)]!;
      context.fillRect(left + ship.x * scale - 1.5, top + ship.y * scale - 1.5, 3, 3);
    }
    if (!own) return;
    context.fillStyle = this.#colors.own;
    context.beginPath();
    context.arc(left + own.x * scale, top + own.y * scale, 4, 0, 2 * Math.PI);
    context.fill();
  }
}
