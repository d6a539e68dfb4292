import type { Kinds, Entities, RoomDefinition } from '../contract/room.js';
import type { KnownEntities, KnownEntity } from '../snapshot/known-entities.js';
import type { Layout } from '../contract/layout.js';

interface Sample {
  readonly tick: number;
  readonly numbers: Int32Array;
  readonly texts: readonly string[];
}

/** Samples of one entity that are kept: more than the longest delay needs. */
const keptSamples = 16;

interface Drawn {
  /** From old to new. */
  readonly samples: Sample[];
  readonly values: Record<string, unknown>;
}

/** Where nothing has come, things go on as they went for so many seconds at most. */
const mostExtrapolated = 0.25;

/** Numbers within a turn, such as angles, take the shorter way around: their fields have this range. */
const turn = 2 * Math.PI;

/**
 * The room as it is drawn, as it was some time ago: between two that have come, so that things move evenly however
 * unevenly snapshots come.
 */
export class Picture<E extends Kinds> {
  readonly #mostAhead: number;
  readonly #kinds: { readonly kind: string; readonly layout: Layout; readonly entities: Map<number, Drawn> }[];
  #firstTick = 0;
  #lastTick = 0;

  constructor({ entityLayouts, tick }: Pick<RoomDefinition<E, Kinds>, 'entityLayouts' | 'tick'>) {
    this.#mostAhead = mostExtrapolated * tick;
    this.#kinds = entityLayouts.map(({ kind, layout }) => ({ kind, layout, entities: new Map() }));
  }

  /** A snapshot was applied. Entities that are gone leave the picture at once. */
  take(known: KnownEntities): void {
    const { tick } = known;
    this.#firstTick ||= tick;
    for (const [i, { entities: drawn }] of this.#kinds.entries()) {
      const { entities } = known.kinds[i]!;
      for (const id of drawn.keys()) if (!entities.has(id)) drawn.delete(id);
      for (const [id, entity] of entities) {
        const before = drawn.get(id);
        if (before) this.#extend(before.samples, entity, tick);
        else drawn.set(id, { samples: [sampleOf(entity, tick)], values: {} });
      }
    }
    this.#lastTick = tick;
  }

  #extend(samples: Sample[], entity: KnownEntity, tick: number): void {
    const last = samples.at(-1)!;
    if (isSame(last, entity)) return;
    // It stood still until the last snapshot.
    if (last.tick < this.#lastTick) samples.push({ ...last, tick: this.#lastTick });
    samples.push(sampleOf(entity, tick));
    while (samples.length > keptSamples) samples.shift();
  }

  /** The entities as they were at `tick`, with a fraction. The same objects each time: they are not to be changed or kept. */
  at(tick: number): Entities<E> {
    const state: Record<string, Map<number, unknown>> = {};
    for (const { kind, layout, entities } of this.#kinds) {
      const shown = (state[kind] = new Map<number, unknown>());
      for (const [id, { samples, values }] of entities) {
        // It came later than what is drawn. Entities of the first snapshot are shown at once.
        if (samples[0]!.tick > tick && samples[0]!.tick !== this.#firstTick) continue;
        draw(values, layout, samples, Math.min(tick, this.#lastTick + this.#mostAhead), this.#lastTick);
        shown.set(id, values);
      }
    }
    return state as unknown as Entities<E>;
  }

  /** Nothing that was drawn says anything about what comes. */
  clear(): void {
    for (const { entities } of this.#kinds) entities.clear();
    this.#firstTick = this.#lastTick = 0;
  }
}

function sampleOf({ numbers, texts }: KnownEntity, tick: number): Sample {
  return { tick, numbers: numbers.slice(), texts: texts.length === 0 ? texts : [...texts] };
}

function isSame(sample: Sample, { numbers, texts }: KnownEntity): boolean {
  for (let i = 0; i < numbers.length; i++) if (sample.numbers[i] !== numbers[i]) return false;
  for (let i = 0; i < texts.length; i++) if (sample.texts[i] !== texts[i]) return false;
  return true;
}

function draw(
  values: Record<string, unknown>,
  layout: Layout,
  samples: readonly Sample[],
  tick: number,
  lastTick: number,
): void {
  let at = samples.length - 1;
  while (at > 0 && samples[at]!.tick > tick) at--;
  // Later than the newest snapshot: on from the two last ones, if it moved between them.
  const isAhead = at > 0 && at === samples.length - 1 && samples[at]!.tick === lastTick && tick > lastTick;
  const from = samples[isAhead ? at - 1 : at]!;
  const to = samples[isAhead ? at : at + 1];
  const shown = isAhead ? to! : from;
  layout.read(values, shown.numbers, 0, shown.texts, 0);
  if (!to || tick <= from.tick) return;
  const part = (tick - from.tick) / (to.tick - from.tick);
  for (let i = 0; i < layout.numbered.length; i++) {
    const { name, field } = layout.numbered[i]!;
    const { scale, last } = field;
    // Names, flags and references do not move: they change when their time has come.
    if (!scale || scale.step === 1) continue;
    let difference = to.numbers[i]! - from.numbers[i]!;
    const isTurn = Math.abs(last * scale.step - turn) <= scale.step;
    if (isTurn && Math.abs(difference) > last / 2) difference -= Math.sign(difference) * last;
    const number = from.numbers[i]! + difference * part;
    values[name] = scale.min + (isTurn ? number : Math.max(0, Math.min(last, number))) * scale.step;
  }
}
