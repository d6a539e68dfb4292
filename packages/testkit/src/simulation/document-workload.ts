import type { Random } from '../random.js';
import { documentRooms } from './profile.js';
import type { World } from './world.js';

const actions = { write: 12, open: 3, close: 1, compact: 4 };

/** People who write documents, and the servers that compact them. */
export class DocumentWorkload {
  readonly #world: World;
  /** A stream of its own, so that nothing else in a seed depends on it. */
  readonly #random: Random;
  #busy = true;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.stream('documents');
  }

  /** Acts until told to stop. */
  start(): void {
    const { clock, profile } = this.#world;
    const next = (): void => {
      if (!this.#busy) return;
      this.#act();
      clock.after(this.#random.interval(profile.actionEveryMs / 2), next);
    };
    clock.after(this.#random.interval(profile.actionEveryMs / 2), next);
  }

  stop(): void {
    this.#busy = false;
  }

  #act(): void {
    const action = this.#random.weighted(actions);
    if (action === 'compact') return this.#compact();
    const clients = this.#world.clients.filter(({ host, status }) => host.running && status !== 'closed');
    if (clients.length === 0) return;
    const { documents } = this.#random.pick(clients).watches;
    if (action === 'write') documents.edit();
    else if (action === 'open') documents.open();
    else documents.leave();
  }

  #compact(): void {
    const { cluster, checker, onAnswer } = this.#world;
    const up = cluster.nodes.filter(({ engine, host }) => engine && host.running);
    if (up.length === 0) return;
    const { engine, host } = this.#random.pick(up);
    const room = this.#random.pick(documentRooms);
    const told = (result: unknown): void => checker.trace(host.name, () => `compacts ${room}: ${String(result)}`);
    host.run(() => void engine!.documents.compact(room).then(told, told).finally(onAnswer));
    onAnswer();
  }
}
