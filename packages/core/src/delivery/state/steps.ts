import { type Changes, type Operation, isRemoval } from '@longwave/protocol';
import type { Chunk, Wire } from '../../base/ports.js';
import type { FeedHost } from '../feed.js';
import type { Subscription } from '../subscription.js';
import type { Round } from './round.js';
import { bytesOf } from '../tail.js';
import type { Sieve } from './columns.js';
import { type Contents, leave, whole } from './contents.js';
import { Places } from './places.js';

/** The most that one step of a round takes of a flush. */
const looksPerStep = 1000;
/** The cost, in looks, of passing by an entry whose numbers say that it is not in a view. */
const perGlance = 0.02;

export type Act = Omit<Changes, 'type' | 'channel' | 'epoch'>;

/** One frame of a round, or a part without one, for all readers that are as far. */
interface Step {
  readonly chunk: Chunk | undefined;
  readonly operations: number;
  /** Places of what a reader lacked before, and lacks then, where its view filters. */
  readonly before: Places | undefined;
  readonly lacks: Places | undefined;
  readonly place: number;
  readonly more: boolean;
}

/** By this a step decides about an entry, where the view filters. */
interface Sight {
  readonly contents: Contents;
  readonly lacks: Places;
  readonly sieve: Sieve | undefined;
}

/** The steps of rounds in one flush: each is made once for all readers that stand where it begins. */
export class Steps {
  readonly #host: FeedHost;
  readonly #encode: (wire: Wire, act: Act) => Chunk;
  readonly #made = new Map<Wire, Map<string, Step[]>>();

  constructor(host: FeedHost, encode: (wire: Wire, act: Act) => Chunk) {
    this.#host = host;
    this.#encode = encode;
  }

  clear(): void {
    this.#made.clear();
  }

  /** The next step of a reader's round. Undefined: it is to be made, and this flush has done enough. */
  next(reader: Subscription, round: Round, contents: Contents): Step | undefined {
    const { target, place, replace, begun, lacks } = round;
    const id = `${reader.cursor} ${target} ${place} ${replace} ${begun} ${reader.fresh}`;
    return this.#shared(reader, id, lacks, () => this.#makeStep(reader, round, contents));
  }

  /**
   * The one that brings a reader to the head at once, without a chunk where that is too much for one. Undefined: as
   * above.
   */
  follow(reader: Subscription, contents: Contents): Step | undefined {
    const before = lacksOf(reader, contents);
    return this.#shared(reader, `follow ${reader.cursor}`, before, () => this.#makeFollow(reader, before, contents));
  }

  /**
   * A step for all that stand where this reader stands. Undefined: it is to be made, and this flush has done enough.
   */
  #shared(reader: Subscription, place: string, before: Places | undefined, make: () => Step): Step | undefined {
    const { session, view, knowledge } = reader;
    let steps = this.#made.get(session.wire);
    if (!steps) this.#made.set(session.wire, (steps = new Map()));
    const id = `${place} ${view?.id}`;
    const made = steps.get(id);
    const found = knowledge ? undefined : made?.find((step) => step.before === before);
    if (found || this.#host.looks <= 0) return found;
    const step = make();
    this.#host.looks -= (step.chunk?.length ?? 0) >> 6;
    if (knowledge) return step;
    if (made) made.push(step);
    else steps.set(id, [step]);
    return step;
  }

  #makeFollow({ session, cursor, view }: Subscription, before: Places | undefined, contents: Contents): Step {
    const { top } = contents;
    const lacks = before?.clone();
    const keys = new Set<string>();
    this.#host.looks -= contents.follow(view!, cursor, lacks, keys);
    const ops = contents.tellAll(view!, keys, lacks, this.#host.now());
    const fits = ops.reduce((bytes, op) => bytes + bytesOf(op), 0) <= this.#host.limits.chunkBytes || ops.length < 2;
    const chunk = fits ? this.#encode(session.wire, { tag: view!.tag, after: cursor, offset: top, ops }) : undefined;
    return { chunk, operations: ops.length, before, lacks, place: 0, more: false };
  }

  /** The next frame of a reader's round. */
  #makeStep(reader: Subscription, round: Round, contents: Contents): Step {
    const { state } = contents;
    const { session, cursor, view } = reader;
    const { target: offset, replace, keys, lacks: before, begun } = round;
    const end = view?.count ? 0 : (keys?.length ?? state.places);
    const ops: Operation[] = view?.count ? [contents.countOp(contents.count(view, this.#host)!, this.#host.now())] : [];
    const keep: string[] = [];
    const filters = view?.filters === true && !view.count;
    const lacks = filters ? (before?.clone() ?? new Places(state, true)) : undefined;
    // A reader that begins with nothing is told nothing of an entry that is not in the view.
    const sieve = filters && replace && !keys ? contents.sieve(view) : undefined;
    const sight = lacks && { contents, lacks, sieve };
    const perLook = filters ? view.weight : 0.1;
    let { place } = round;
    let looked = 0;
    for (let bytes = 0; place < end && bytes < this.#host.limits.chunkBytes && looked < looksPerStep; place++) {
      if (sieve?.excludes(place)) {
        looked += perGlance;
        continue;
      }
      looked += perLook;
      const op = keys ? state.last(keys[place]!) : state.at(place);
      const told =
        op &&
        (sight ? filtered(reader, round, op, keys ? state.placeOf(op.key!) : place, sight) : asItIs(reader, round, op));
      if (typeof told === 'string') {
        keep.push(told);
        bytes += told.length + 4;
      } else if (told) {
        ops.push(told);
        bytes += bytesOf(told);
      }
    }
    this.#host.looks -= Math.ceil(looked);
    const more = place < end || undefined;
    const silent = more && ops.length === 0 && keep.length === 0;
    const chunk = silent
      ? undefined
      : this.#encode(session.wire, {
          ...{ tag: view?.tag, after: cursor, offset, ops, more },
          ...(replace && !begun && { replace, scope: view?.scope }),
          keep: keep.length > 0 ? keep : undefined,
        });
    return { chunk, operations: ops.length, before, lacks, place, more: more === true };
  }
}

/** The round it is in, or a new one where there is none or removals that it would have to name were forgotten. */
export function roundOf(reader: Subscription, contents: Contents): Round {
  const { state, top } = contents;
  const { cursor, round, view, knowledge, fresh } = reader;
  const forgotten = cursor < state.floor;
  if (round?.of === state && (round.replace || !forgotten)) return round;
  const filters = view?.filters === true && !view.count;
  const lacks = filters && !fresh && !knowledge && !forgotten ? lacksOf(reader, contents) : undefined;
  return {
    of: state,
    target: top,
    replace: fresh || forgotten || knowledge !== undefined || view?.count === true || (filters && !lacks),
    keys: view?.keys && [...view.keys],
    lacks,
    place: 0,
    begun: false,
  };
}

/** Places that the reader does not have, if known. */
export function lacksOf({ lacks }: Subscription, { state }: Contents): Places | undefined {
  return lacks?.of === state ? lacks : undefined;
}

/** Returns the round's news of an entry: an operation, or its key when the receiver should keep it. */
function asItIs({ cursor, fresh, knowledge }: Subscription, { replace }: Round, op: Operation) {
  const key = op.key ?? '';
  if (!replace) return op.offset > cursor ? whole(op) : undefined;
  if (isRemoval(op.kind)) return undefined;
  return !fresh && op.offset <= cursor && (knowledge?.has(key) ?? true) ? key : whole(op);
}

/**
 * The same, for a view that filters. An entry on the border that changed since the round began leaves: few may see it.
 */
function filtered(reader: Subscription, round: Round, op: Operation, place: number, { contents, lacks, sieve }: Sight) {
  const { view, cursor, knowledge } = reader;
  const key = op.key ?? '';
  if (!round.replace && op.offset <= cursor) return undefined;
  const fit = sieve ? contents.fitAt(view!, op, place, sieve) : contents.fit(view!, op);
  const had = round.replace ? knowledge?.has(key) === true : !lacks.has(place);
  const has = fit === 'in' || (fit === 'margin' && had && op.offset <= round.target);
  lacks.set(place, !has);
  if (has) return asItIs(reader, round, op);
  if (round.replace || !had) return undefined;
  return isRemoval(op.kind) ? op : leave(key, op.offset, op.time);
}
