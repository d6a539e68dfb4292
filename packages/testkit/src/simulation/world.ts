import type { Scene } from './scene.js';
import type { SimClient } from './sim-client.js';

/** Everything that there is in one run. */
export interface World extends Scene {
  readonly clients: SimClient[];
}
