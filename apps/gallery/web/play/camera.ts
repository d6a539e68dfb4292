import { size } from '../../shared/arena/limits.js';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** So many units are seen along the shorter side. */
const shorterSide = 720;
/** The room tells of what lies within a thousand. */
const farthest = 960;

/** The part of the arena that the stage shows. */
export class Camera {
  /** In CSS pixels. */
  width = 1;
  height = 1;
  scale = 1;
  x = size / 2;
  y = size / 2;

  resize(width: number, height: number): void {
    [this.width, this.height] = [Math.max(1, width), Math.max(1, height)];
    this.scale = Math.max(Math.min(width, height) / shorterSide, Math.hypot(width, height) / 2 / farthest, 0.01);
  }

  /** Stays with the own ship, and glides to any other. */
  follow(target: Place | undefined, dt: number, isOwn: boolean): void {
    if (!target) return;
    const far = Math.hypot(target.x - this.x, target.y - this.y);
    const part = isOwn && far < 200 ? 1 : 1 - Math.exp(-6 * dt);
    this.x += (target.x - this.x) * part;
    this.y += (target.y - this.y) * part;
  }

  toScreenX(x: number): number {
    return (x - this.x) * this.scale + this.width / 2;
  }

  toScreenY(y: number): number {
    return (y - this.y) * this.scale + this.height / 2;
  }

  /** Whether something of this radius may be seen. */
  sees({ x, y }: Place, radius: number): boolean {
    const [sx, sy, r] = [this.toScreenX(x), this.toScreenY(y), radius * this.scale];
    return sx > -r && sy > -r && sx < this.width + r && sy < this.height + r;
  }
}
