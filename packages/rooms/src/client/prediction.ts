import type { Entities, RoomInput, Kinds, RoomDefinition } from '../contract/room.js';
import type { RoomLogic } from '../contract/logic.js';
import type { KnownEntities } from '../snapshot/known-entities.js';
import type { NumberedInput } from '../wire/up.js';

/** Steps that are made ahead at most. */
const mostAhead = 120;
/** A correction is spread over so many milliseconds. */
const smoothingMs = 100;
/** One that is larger, in units, is a jump that was meant. */
const largestSmoothed = 100;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Figures of the prediction, for a panel or a log. */
export interface PredictionStats {
  /** Snapshots after which the own entity stood elsewhere than predicted, by more than the contract rounds. */
  corrections: number;
  /** Units of the last correction. */
  lastCorrection: number;
}

/**
 * The player's own entity ahead of the snapshots: what the server will make of the inputs that it has not answered yet, by the same
 * `step`.
 */
export class Prediction<E extends Kinds, I extends Kinds, S extends Entities<E>> {
  readonly stats: PredictionStats = { corrections: 0, lastCorrection: 0 };
  readonly #definition: RoomDefinition<E, I>;
  readonly #step: RoomLogic<E, I, S>['step'];
  readonly #makeState: () => S;
  readonly #own: { readonly kind: keyof E & string; readonly id: number };
  readonly #pending: NumberedInput[] = [];
  #state: S | undefined;
  /** The last tick that was stepped. */
  #tick = 0;
  #error: Place & { readonly since: number } = { x: 0, y: 0, since: 0 };
  /** The own entity before the last step. */
  #before: Place | undefined;

  constructor(
    definition: RoomDefinition<E, I>,
    step: RoomLogic<E, I, S>['step'],
    makeState: () => S,
    own: { readonly kind: keyof E & string; readonly id: number },
  ) {
    this.#definition = definition;
    this.#step = step;
    this.#makeState = makeState;
    this.#own = own;
  }

  /** Inputs that no snapshot has answered. */
  get pending(): readonly NumberedInput[] {
    return this.#pending;
  }

  add(input: NumberedInput): void {
    this.#pending.push(input);
    if (this.#pending.length > mostAhead * 2) this.#pending.shift();
  }

  /** A snapshot was applied: what was predicted is made anew from it, up to where it was. */
  reconcile(known: KnownEntities, applied: number, now: number): void {
    const before = this.#place();
    while (this.#pending.length > 0 && this.#pending[0]!.seq <= applied) this.#pending.shift();
    const target = this.#tick;
    this.#state = this.#stateOf(known);
    this.#tick = known.tick;
    this.advance(Math.min(target, known.tick + mostAhead));
    const after = this.#place();
    if (!before || !after) return;
    const [dx, dy] = [before.x - after.x, before.y - after.y];
    const size = Math.hypot(dx, dy);
    this.stats.lastCorrection = size;
    if (size <= this.#rounding * 2) return;
    this.stats.corrections++;
    const left = this.#left(now);
    this.#error =
      size > largestSmoothed
        ? { x: 0, y: 0, since: now }
        : { x: this.#error.x * left + dx, y: this.#error.y * left + dy, since: now };
  }

  /** The room is no further than this tick: the next snapshot puts right what was stepped beyond it. */
  goBack(tick: number): void {
    this.#tick = Math.min(this.#tick, tick);
  }

  /** Steps on to the tick, with the inputs that are meant for each. */
  advance(tick: number): void {
    const state = this.#state;
    if (!state) return;
    const { inputLayouts, tick: rate } = this.#definition;
    while (this.#tick < tick) {
      const next = ++this.#tick;
      this.#before = this.#place();
      const mine = this.#pending
        .filter((input) => input.tick === next && input.mode !== 'released')
        .map(({ kind, values }) => ({ kind: inputLayouts[kind]!.kind, ...values }) as RoomInput<I>);
      const inputs = new Map(mine.length > 0 ? [[this.#own.id, mine]] : []);
      this.#step(state, inputs, 1 / rate, {
        tick: next,
        isServer: false,
        random: Math.random,
        emit: () => undefined,
        seenBy: () => ({ at: () => undefined }),
      });
    }
  }

  /**
   * The own entity as it is drawn at `tick`, with a fraction: on its way to the predicted step, and with what is left of the last
   * correction. Undefined: it is not there.
   */
  own(tick: number, now: number): Readonly<Record<string, unknown>> | undefined {
    const entity = this.#entity();
    const place = this.#place();
    if (!entity || !place) return entity;
    const left = this.#left(now);
    const part = Math.max(0, Math.min(1, tick - this.#tick));
    const { x, y } = this.#before ?? place;
    return {
      ...entity,
      x: x + (place.x - x) * part + this.#error.x * left,
      y: y + (place.y - y) * part + this.#error.y * left,
    };
  }

  #left(now: number): number {
    return Math.max(0, 1 - (now - this.#error.since) / smoothingMs);
  }

  get #rounding(): number {
    const layout = this.#definition.entityLayouts.find(({ kind }) => kind === this.#own.kind)?.layout;
    return layout?.numbered.find(({ name }) => name === 'x')?.field.scale?.step ?? 0;
  }

  #entity(): Record<string, unknown> | undefined {
    return this.#state?.[this.#own.kind].get(this.#own.id);
  }

  #place(): Place | undefined {
    const { x, y } = this.#entity() ?? {};
    return typeof x === 'number' && typeof y === 'number' ? { x, y } : undefined;
  }

  #stateOf(known: KnownEntities): S {
    const state = this.#state ?? this.#makeState();
    for (const { kind, layout, entities } of known.kinds) {
      const map = state[kind] as Map<number, Record<string, unknown>>;
      map.clear();
      for (const [id, { numbers, texts }] of entities) {
        const values: Record<string, unknown> = {};
        layout.read(values, numbers, 0, texts, 0);
        map.set(id, values);
      }
    }
    return state;
  }
}
