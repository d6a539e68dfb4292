import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

type Struct = Y.Item | Y.GC | Y.Skip;

/** Work of one slice: a millisecond, also where each struct splits another of a large document. */
const maxStructs = 100;
const maxBytes = 64 * 1024;
const maxDeletions = 300;
const maxDeletedClocks = 20_000;

/**
 * Cuts an update into others that together say the same. Each can be applied at once after those before it, so that whoever applies them
 * may do something else in between. Structs that wait for an update that is missing come last, as one.
 */
export function sliceUpdate(update: Uint8Array): Uint8Array[] {
  const { structs, ds } = Y.decodeUpdate(update);
  const { order, left } = inOrder(structs);
  const slices = [...sliceStructs(order), ...sliceDeletions(ds)];
  if (left.length > 0) slices.push(encode(left, []));
  return slices;
}

/** Structs of one client that are not in the order yet. */
interface Queue {
  readonly structs: readonly Struct[];
  next: number;
  /** The first clock that is not there yet. */
  clock: number;
  /** The next one waits for something that does not come. */
  isStuck: boolean;
}

/** An order in which each struct comes after those that it stands beside or within, as far as these are there. */
function inOrder(structs: readonly Struct[]): { readonly order: readonly Struct[]; readonly left: readonly Struct[] } {
  const queues = new Map<number, Queue>();
  for (const [client, own] of grouped(structs, ({ id }) => id.client))
    queues.set(client, { structs: own, next: 0, clock: 0, isStuck: false });
  const order: Struct[] = [];
  for (const queue of queues.values()) {
    // Each waits with its next struct for the one above it.
    const stack = [queue];
    const waiting = new Set(stack);
    while (stack.length > 0) {
      const own = stack.at(-1)!;
      const struct = own.structs[own.next];
      const other = struct && !own.isStuck ? neededBy(struct, own, queues) : undefined;
      if (!struct || own.isStuck || other === 'missing' || (other && (other.isStuck || waiting.has(other)))) {
        own.isStuck ||= struct !== undefined;
        waiting.delete(stack.pop()!);
      } else if (other) {
        stack.push(other);
        waiting.add(other);
      } else {
        order.push(struct);
        own.next++;
        own.clock = struct.id.clock + struct.length;
        // The client that waited for it looks again.
        if (stack.length > 1) waiting.delete(stack.pop()!);
      }
    }
  }
  return { order, left: [...queues.values()].flatMap(({ structs: own, next }) => own.slice(next)) };
}

/** The client of whom a struct has to be there first. */
function neededBy(struct: Struct, own: Queue, queues: ReadonlyMap<number, Queue>): Queue | 'missing' | undefined {
  if (struct instanceof Y.Skip || struct.id.clock !== own.clock) return 'missing';
  if (!(struct instanceof Y.Item)) return undefined;
  for (const id of [struct.origin, struct.rightOrigin, struct.parent]) {
    if (!(id instanceof Y.ID)) continue;
    const queue = queues.get(id.client);
    if (queue && id.clock < queue.clock) continue;
    // An update of a part of a document stands on what others have.
    return queue && queue.next < queue.structs.length ? queue : 'missing';
  }
  return undefined;
}

function sliceStructs(order: readonly Struct[]): Uint8Array[] {
  const slices: Uint8Array[] = [];
  let part: Struct[] = [];
  let bytes = 0;
  const cut = (): void => {
    if (part.length > 0) slices.push(encode(part, []));
    part = [];
    bytes = 0;
  };
  for (const struct of order) {
    // The content of a text is about as long; another is counted by its structs.
    const size = struct instanceof Y.Item && struct.content instanceof Y.ContentString ? struct.length : 0;
    if (part.length >= maxStructs || (part.length > 0 && bytes + size > maxBytes)) cut();
    part.push(struct);
    bytes += size;
  }
  cut();
  return slices;
}

interface Deletion {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

function sliceDeletions({ clients }: ReturnType<typeof Y.decodeUpdate>['ds']): Uint8Array[] {
  const all = [...clients].flatMap(([client, items]) =>
    items.flatMap(({ clock, len }) =>
      Array.from({ length: Math.ceil(len / maxDeletedClocks) }, (_, i): Deletion => ({
        client,
        clock: clock + i * maxDeletedClocks,
        length: Math.min(maxDeletedClocks, len - i * maxDeletedClocks),
      })),
    ),
  );
  const slices: Uint8Array[] = [];
  let part: Deletion[] = [];
  let clocks = 0;
  for (const deletion of all) {
    if (part.length >= maxDeletions || (part.length > 0 && clocks + deletion.length > maxDeletedClocks)) {
      slices.push(encode([], part));
      part = [];
      clocks = 0;
    }
    part.push(deletion);
    clocks += deletion.length;
  }
  if (part.length > 0) slices.push(encode([], part));
  return slices;
}

function grouped<T>(all: readonly T[], clientOf: (one: T) => number): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const one of all) {
    const group = groups.get(clientOf(one));
    if (group) group.push(one);
    else groups.set(clientOf(one), [one]);
  }
  return groups;
}

/** The structs of each client stand in the order of their clocks. */
function encode(structs: readonly Struct[], deletions: readonly Deletion[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const { restEncoder } = encoder;
  const byClient = grouped(structs, ({ id }) => id.client);
  encoding.writeVarUint(restEncoder, byClient.size);
  for (const [client, own] of byClient) {
    encoding.writeVarUint(restEncoder, own.length);
    encoder.writeClient(client);
    encoding.writeVarUint(restEncoder, own[0]!.id.clock);
    for (const struct of own) struct.write(encoder, 0);
  }
  const deleted = grouped(deletions, ({ client }) => client);
  encoding.writeVarUint(restEncoder, deleted.size);
  for (const [client, ranges] of deleted) {
    encoding.writeVarUint(restEncoder, client);
    encoding.writeVarUint(restEncoder, ranges.length);
    for (const { clock, length } of ranges) {
      encoding.writeVarUint(restEncoder, clock);
      encoding.writeVarUint(restEncoder, length);
    }
  }
  return encoder.toUint8Array();
}
