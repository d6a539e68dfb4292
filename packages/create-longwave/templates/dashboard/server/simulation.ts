import type { Vehicle } from '../shared/channels.js';
import { size } from '../shared/plane.js';

/** Vehicles that drive about. A source of real positions takes its place. */
export class Simulation {
  readonly #vehicles: { id: string; x: number; y: number; heading: number; status: Vehicle['status'] }[];

  constructor(count: number) {
    this.#vehicles = Array.from({ length: count }, (_, i) => ({
      id: `v${i + 1}`,
      x: Math.random() * size,
      y: Math.random() * size,
      heading: Math.random() * 2 * Math.PI,
      status: i % 3 === 0 ? 'busy' : 'free',
    }));
  }

  /** Moves all of them on, and returns where they are. */
  step(seconds: number): { id: string; vehicle: Vehicle }[] {
    for (const each of this.#vehicles) {
      each.heading += (Math.random() - 0.5) * seconds;
      each.x = wrap(each.x + Math.cos(each.heading) * 20 * seconds);
      each.y = wrap(each.y + Math.sin(each.heading) * 20 * seconds);
      if (Math.random() < 0.02 * seconds) each.status = each.status === 'free' ? 'busy' : 'free';
    }
    return this.#vehicles.map(({ id, x, y, status }) => ({ id, vehicle: { x: round(x), y: round(y), status } }));
  }
}

const wrap = (place: number): number => (place + size) % size;
const round = (place: number): number => Math.round(place * 10) / 10;
