import { beamSteps, rate } from '../../shared/arena/limits.js';

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Bit extends Place {
  x: number;
  y: number;
  readonly vx: number;
  readonly vy: number;
  readonly hue: number;
  readonly lifeMs: number;
  ageMs: number;
}

export interface Flash {
  readonly from: Place;
  readonly to: Place;
  readonly hue: number;
  readonly since: number;
}

const mostBits = 240;
const mostTrail = 14;
const flashMs = (beamSteps * 1000) / rate;

/** Things that are seen for a moment, and are no part of the room: pieces, own beams, and the way that ships came. */
export class Effects {
  readonly bits: Bit[] = [];
  readonly trails = new Map<number, Place[]>();
  flashes: Flash[] = [];

  burst({ x, y }: Place, hue: number, count: number): void {
    for (let i = 0; i < count && this.bits.length < mostBits; i++) {
      const [turn, speed] = [Math.random() * 2 * Math.PI, 60 + Math.random() * 240];
      const [vx, vy] = [Math.cos(turn) * speed, Math.sin(turn) * speed];
      this.bits.push({ x, y, vx, vy, hue, lifeMs: 250 + Math.random() * 350, ageMs: 0 });
    }
  }

  flash(from: Place, to: Place, hue: number, now: number): void {
    this.flashes.push({ from: { x: from.x, y: from.y }, to: { x: to.x, y: to.y }, hue, since: now });
  }

  /** A ship was drawn here. */
  trail(id: number, { x, y }: Place): void {
    const trail = this.trails.get(id);
    if (!trail) {
      this.trails.set(id, [{ x, y }]);
      return;
    }
    const last = trail.at(-1)!;
    // It came back elsewhere.
    if (Math.hypot(x - last.x, y - last.y) > 150) trail.length = 0;
    trail.push({ x, y });
    if (trail.length > mostTrail) trail.shift();
  }

  advance(dt: number, now: number, isThere: (id: number) => boolean): void {
    for (let i = this.bits.length - 1; i >= 0; i--) {
      const bit = this.bits[i]!;
      bit.ageMs += dt * 1000;
      bit.x += bit.vx * dt;
      bit.y += bit.vy * dt;
      if (bit.ageMs >= bit.lifeMs) this.bits.splice(i, 1);
    }
    this.flashes = this.flashes.filter(({ since }) => now - since < flashMs);
    for (const id of this.trails.keys()) if (!isThere(id)) this.trails.delete(id);
  }
}
