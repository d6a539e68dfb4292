import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

interface Range {
  readonly from: number;
  /** The first clock after it. */
  readonly to: number;
}

/** Clocks by client id of Yjs, each list in rising order and without overlaps. */
type Clocks = ReadonlyMap<number, readonly Range[]>;

type Decoded = ReturnType<typeof Y.decodeUpdate>;
type DeleteSet = Decoded['ds'];

const nothing = new Uint8Array([0, 0]);

/**
 * The update that says all that the state `all` of a `Y.Doc` says and the updates of `known` together do not say. Undefined when there
 * is nothing: documents with the same text and the same deletions have nothing to tell each other, however much was deleted.
 */
export function missingUpdate(all: Uint8Array, known: readonly Uint8Array[]): Uint8Array | undefined {
  const theirs = known.length > 0 ? Y.mergeUpdates([...known]) : nothing;
  const [has, knows] = [Y.decodeUpdate(all), Y.decodeUpdate(theirs)];
  const [deleted, knownDeleted] = [deletedBy(has.ds), deletedBy(knows.ds)];
  if (without(writtenBy(has), writtenBy(knows)).size > 0) {
    const diff = Y.diffUpdate(all, Y.encodeStateVectorFromUpdate(theirs));
    // A replica that has a struct undeleted learns of its end by the deletion alone: so no struct goes without its own.
    const cut = withDeletes(diff, without(deleted, without(knownDeleted, writtenBy(Y.decodeUpdate(diff)))));
    // Where what is known lies among what is not, the parts of a deletion take more than the whole.
    return cut.length < diff.length ? cut : diff;
  }
  const deletes = without(deleted, knownDeleted);
  if (deletes.size === 0) return undefined;
  // Every replica deletes by itself the loser of two who set one key: no update tells that.
  const news = without(deletes, deletedBy(stateOf(theirs).ds));
  return news.size === 0 ? undefined : withDeletes(nothing, news);
}

/** The update deletes, and adds nothing. */
export function onlyDeletes(update: Uint8Array): boolean {
  return update[0] === 0;
}

function stateOf(update: Uint8Array): Decoded {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, update);
  const state = Y.decodeUpdate(Y.encodeStateAsUpdate(copy));
  copy.destroy();
  return state;
}

function writtenBy({ structs }: Decoded): Clocks {
  const clocks = new Map<number, Range[]>();
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue;
    const { client, clock } = struct.id;
    listOf(clocks, client).push({ from: clock, to: clock + struct.length });
  }
  return joined(clocks);
}

function deletedBy({ clients }: DeleteSet): Clocks {
  const clocks = new Map<number, Range[]>();
  for (const [client, items] of clients) {
    for (const { clock, len } of items) listOf(clocks, client).push({ from: clock, to: clock + len });
  }
  return joined(clocks);
}

function listOf(clocks: Map<number, Range[]>, client: number): Range[] {
  let list = clocks.get(client);
  if (!list) clocks.set(client, (list = []));
  return list;
}

function joined(clocks: Map<number, Range[]>): Clocks {
  for (const [client, ranges] of clocks) {
    const list: Range[] = [];
    for (const range of ranges.sort((a, b) => a.from - b.from)) {
      const last = list.at(-1);
      if (last && range.from <= last.to) list[list.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
      else list.push(range);
    }
    clocks.set(client, list);
  }
  return clocks;
}

function without(clocks: Clocks, others: Clocks): Clocks {
  const left = new Map<number, Range[]>();
  for (const [client, ranges] of clocks) {
    const list = remaining(ranges, others.get(client) ?? []);
    if (list.length > 0) left.set(client, list);
  }
  return left;
}

function remaining(ranges: readonly Range[], holes: readonly Range[]): Range[] {
  const list: Range[] = [];
  let next = 0;
  for (const { from, to } of ranges) {
    let at = from;
    while (next < holes.length && holes[next]!.to <= at) next++;
    for (let i = next; i < holes.length && holes[i]!.from < to; i++) {
      if (holes[i]!.from > at) list.push({ from: at, to: holes[i]!.from });
      at = Math.max(at, holes[i]!.to);
    }
    if (at < to) list.push({ from: at, to });
  }
  return list;
}

/** The content of `update` with other deletions, which stand at its end: a diff comes with those of the whole document. */
function withDeletes(update: Uint8Array, deletes: Clocks): Uint8Array {
  const replaced = encodeDeletes(deletedIn(update));
  const end = update.length - replaced.length;
  // An encoder of another version may write the same otherwise: then it has more than it needs.
  if (end < 1 || replaced.some((byte, i) => update[end + i] !== byte)) return update;
  return encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, update.subarray(0, end));
    encoding.writeUint8Array(encoder, encodeDeletes(deletes));
  });
}

/** In the order and the parts in which they stand there. */
function deletedIn(update: Uint8Array): Clocks {
  const { clients } = Y.decodeUpdate(update).ds;
  return new Map(
    [...clients].map(([client, items]) => [client, items.map(({ clock, len }) => ({ from: clock, to: clock + len }))]),
  );
}

function encodeDeletes(deletes: Clocks): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, deletes.size);
    for (const [client, ranges] of deletes) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, ranges.length);
      for (const { from, to } of ranges) {
        encoding.writeVarUint(encoder, from);
        encoding.writeVarUint(encoder, to - from);
      }
    }
  });
}
