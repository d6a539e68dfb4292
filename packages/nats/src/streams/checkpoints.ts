import { Buffer } from 'node:buffer';
import type { StoredMsg } from '@nats-io/jetstream';
import { isWrongLastSequence } from './agreement.js';
import type { Link } from '../links/connection.js';
import type { ChannelNames } from '../names.js';
import type { ModelSnapshot } from './model.js';
import { pack, unpack } from './packed.js';
import { removeMessages } from './remove-messages.js';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.js';

/** A part of a journal goes so long after a checkpoint took its place: who is no further behind misses nothing. */
export const purgeAfterMs = 10_000;

/** Head of the message that makes a checkpoint valid, beside its first piece. */
interface Head {
  /** The stream of journals it belongs to: one that took its place begins anew. */
  readonly shard: string;
  readonly id: string;
  /** Further pieces, each in a message of its own. */
  readonly parts: number;
  /** All of the journal up to here is in it. */
  readonly covers: number;
  readonly era: number;
}

/** A checkpoint's head as it stands in the stream. */
export interface StoredHead extends Head {
  readonly seq: number;
  readonly first: Uint8Array;
}

/**
 * The checkpoints of a shard's channels: each is what a channel was at a place of its journal, which is superfluous up
 * to there.
 */
export class Checkpoints {
  readonly #meta: string;
  readonly #shard: string;
  readonly #requireCurrent: (link: Link) => Promise<void>;

  /** `shard` names the log of the journals; `requireCurrent` rejects when another has taken its place. */
  constructor(meta: string, shard: string, requireCurrent: (link: Link) => Promise<void>) {
    this.#meta = meta;
    this.#shard = shard;
    this.#requireCurrent = requireCurrent;
  }

  async head(link: Link, names: ChannelNames): Promise<StoredHead | undefined> {
    const stored = await this.#headMessage(link, names);
    return stored && stored.shard === this.#shard ? stored : undefined;
  }

  async read(link: Link, names: ChannelNames, head: StoredHead): Promise<ModelSnapshot | undefined> {
    const pieces: Uint8Array[] = [head.first];
    for (let i = 1; i <= head.parts; i++) {
      const part = await link.jsm.streams.getMessage(this.#meta, { last_by_subj: names.part(head.id, i) });
      // A newer checkpoint took its place meanwhile.
      if (!part) return undefined;
      pieces.push(part.data);
    }
    return decodeSnapshot(pieces.length === 1 ? head.first : Buffer.concat(pieces));
  }

  /** Returns false when another node was faster: then nothing is changed. */
  async write(link: Link, names: ChannelNames, snapshot: ModelSnapshot, id: string): Promise<boolean> {
    const before = await this.#headMessage(link, names);
    // One of this log would take the place of one that is valid.
    if (before && before.shard !== this.#shard) await this.#requireCurrent(link);
    const { seq: covers, era } = snapshot;
    if (before?.shard === this.#shard && (before.era > era || (before.era === era && before.covers >= covers)))
      return false;
    const pieces = cut(encodeSnapshot(snapshot), link.maxBytes - 1024);
    let first: Uint8Array | undefined;
    let firstPartSeq: number | undefined;
    let parts = 0;
    for (const piece of pieces) {
      if (!first) first = piece;
      else {
        const { seq } = await link.js.publish(names.part(id, ++parts), piece);
        firstPartSeq ??= seq;
      }
    }
    const head: Head = { shard: this.#shard, id, parts, covers, era };
    try {
      const expect = { lastSubjectSequence: before?.seq ?? 0 };
      const { seq } = await link.js.publish(names.checkpoint, pack(head, [first!]), { expect });
      if (before?.parts || parts > 0) await this.#removeParts(link, names, firstPartSeq ?? seq);
      return true;
    } catch (error) {
      if (isWrongLastSequence(error)) return false;
      throw error;
    }
  }

  /** Pieces of checkpoints that this one took the place of, or that were never finished. */
  async #removeParts(link: Link, names: ChannelNames, before: number): Promise<void> {
    const { state } = await link.jsm.streams.info(this.#meta, { subjects_filter: names.parts });
    const seqs: number[] = [];
    for (const part of Object.keys(state.subjects ?? {})) {
      const message = await link.jsm.streams.getMessage(this.#meta, { last_by_subj: part });
      if (message && message.seq < before) seqs.push(message.seq);
    }
    await removeMessages(link, this.#meta, seqs);
  }

  async #headMessage({ jsm }: Link, names: ChannelNames): Promise<StoredHead | undefined> {
    const message = await jsm.streams.getMessage(this.#meta, { last_by_subj: names.checkpoint });
    return message ? readHead(message) : undefined;
  }
}

function readHead({ seq, data }: StoredMsg): StoredHead {
  const { head, payloads } = unpack(data);
  return { ...(head as Head), seq, first: payloads[0] as Uint8Array };
}

/** Joins and cuts buffers so that each has at most `size` bytes. */
function* cut(buffers: Iterable<Buffer>, size: number): Generator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for (const buffer of buffers) {
    let rest = buffer;
    while (length + rest.length >= size) {
      waiting.push(rest.subarray(0, size - length));
      rest = rest.subarray(size - length);
      yield Buffer.concat(waiting);
      waiting = [];
      length = 0;
    }
    waiting.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
