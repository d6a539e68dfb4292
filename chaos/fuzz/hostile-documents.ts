import type { Random } from '@longwave/testkit/virtual';
import * as Y from 'yjs';
import { leb128 } from './leb128.js';
import { mutateBytes } from './mutate.js';

/** The first bytes of a document's messages. */
const kinds = { update: 0, piece: 1, compacted: 2 } as const;
/** Edits before the writer begins anew, with an id that others may have too. */
const editsOfOne = 200;

/** Messages of documents: updates of Yjs as clients make them, parts of such, and others that no client would send. */
export class HostileDocuments {
  readonly #random: Random;
  #writer = new Y.Doc();
  #edits = editsOfOne;
  #latest: Uint8Array = Uint8Array.of(0, 0);

  constructor(random: Random) {
    this.#random = random;
  }

  message(): Uint8Array {
    const random = this.#random;
    if (random.chance(0.55)) return of(kinds.update, this.#edit());
    if (random.chance(0.4)) return of(kinds.piece, this.#piece());
    if (random.chance(0.6)) return of(kinds.update, mutateBytes(this.#edit(), random));
    if (random.chance(0.5)) return of(kinds.compacted, Uint8Array.of(0, 2, 0x7b, 0x7d, ...this.#latest));
    return Uint8Array.from({ length: random.below(40) }, () => random.below(256));
  }

  /** Data of a member of a document: states of the Yjs clients that it speaks for, more or less. */
  awareness(): unknown {
    const random = this.#random;
    const state = (): unknown =>
      random.pick<unknown>([{ cursor: { anchor: random.below(10) }, user: { name: 'Ada' } }, {}, null, 'x', [1]]);
    const ids = ['1', '2', '3', '4', '5', '-1', '1.5', '__proto__', String(2 ** 53)];
    const clients = Object.fromEntries(Array.from({ length: random.below(7) }, () => [random.pick(ids), state()]));
    return random.pick<unknown>([{ clients }, { clients }, { clients }, { clients: state() }, state()]);
  }

  /** One edit of a writer, as an update. */
  #edit(): Uint8Array {
    const random = this.#random;
    if (this.#edits++ >= editsOfOne) {
      this.#writer.destroy();
      this.#writer = new Y.Doc();
      this.#writer.clientID = 1 + random.below(20);
      this.#edits = 0;
    }
    const doc = this.#writer;
    const before = Y.encodeStateVector(doc);
    doc.transact(() => this.#change(doc));
    // Some have all that the writer ever wrote, as from somebody who comes back.
    return (this.#latest = random.chance(0.03) ? Y.encodeStateAsUpdate(doc) : Y.encodeStateAsUpdate(doc, before));
  }

  #change(doc: Y.Doc): void {
    const random = this.#random;
    const body = doc.getText('body');
    const at = random.below(body.length + 1);
    switch (random.pick(['insert', 'insert', 'delete', 'format', 'set', 'list'])) {
      case 'insert':
        return body.insert(at, random.pick(['a', 'word ', '😀', '\ud800']));
      case 'delete':
        return body.delete(at, Math.min(1, body.length - at));
      case 'format':
        return body.format(at, Math.min(1, body.length - at), { bold: random.chance(0.5) || null });
      case 'set':
        return void doc.getMap('state').set(`k${random.below(5)}`, this.#value());
      default:
        return doc.getArray('list').insert(0, [this.#value()]);
    }
  }

  #value(): unknown {
    const random = this.#random;
    const nested = (): unknown => {
      let value: unknown = 1;
      for (let left = random.pick([1, 2, 63, 64, 65, 66, 500]); left > 0; left--)
        value = random.chance(0.5) ? [value] : { value };
      return value;
    };
    const values = [() => random.below(100), () => 'text', () => Uint8Array.of(1, 2, 3), () => ({ a: null }), nested];
    return random.pick<() => unknown>(values)();
  }

  /** Groups are few, so that some become whole, with parts that do not fit each other. */
  #piece(): Uint8Array {
    const random = this.#random;
    const total = random.pick([2, 2, 2, 3, 4096, 4097, 0, 1]);
    const index = random.pick([0, 1, 1, random.below(5), total]);
    const group = [0, 0, 0, 0, 0, 0, 0, random.below(4)];
    const middle = Math.floor(this.#latest.length / 2);
    const part = index === 0 ? this.#latest.subarray(0, middle) : this.#latest.subarray(middle);
    return Uint8Array.from([...group, ...leb128(index), ...leb128(total), ...part]);
  }
}

function of(kind: number, body: Uint8Array): Uint8Array {
  return Uint8Array.from([kind, ...body]);
}
