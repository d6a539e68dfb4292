import {
  type Changes,
  type MessageFrame,
  type ReceivedFrame,
  type ReceivedOperation,
  isRemoval,
  mergePatch,
} from '@longwave/protocol';
import type { Peer } from './harness.js';

/** Plays the receiver of one subscription by the rules of SPEC.md, strictly: a frame that breaks a rule throws. */
export class Replica {
  readonly entries = new Map<string, { value: unknown; version: number }>();
  position = 0;
  /** The scope under which its contents were sent (VIEW-9). */
  scope: string | undefined;
  /** Acts that were completed. */
  updates = 0;
  ops = 0;
  readonly removals: string[] = [];
  #act:
    | {
        replace: boolean;
        readonly scope: string | undefined;
        readonly keep: Set<string>;
        readonly ops: ReceivedOperation[];
      }
    | undefined;
  #removed = new Map<string, number>();
  #seen = 0;
  readonly #peer: Peer;
  readonly #channel: string;
  #tag: string | undefined;
  /** The tag of the earlier view, while its frames may still come. */
  #former: { readonly tag: string | undefined } | undefined;

  constructor(peer: Peer, channel: string, tag?: string, position = 0) {
    this.#peer = peer;
    this.#channel = channel;
    this.#tag = tag;
    this.position = position;
  }

  /** One over another connection, with what `old` has. */
  static after(old: Replica | undefined, peer: Peer, channel: string, tag?: string): Replica {
    const replica = new Replica(peer, channel, tag, old?.position);
    replica.scope = old?.scope;
    for (const [key, entry] of old?.entries ?? []) replica.entries.set(key, entry);
    return replica;
  }

  /** Takes what the peer got since. */
  read(): this {
    const frames = this.#peer.frames.slice(this.#seen);
    this.skip();
    return this.readFrames(frames);
  }

  readFrames(frames: readonly ReceivedFrame[]): this {
    for (const frame of frames) {
      if (!('channel' in frame) || frame.channel !== this.#channel) continue;
      if (frame.type !== 'message' && frame.type !== 'changes' && frame.type !== 'top' && frame.type !== 'reset')
        continue;
      if (!this.#isFor(frame.type === 'message' ? undefined : frame.tag)) continue;
      if (frame.type === 'message') this.#onMessage(frame);
      else if (frame.type === 'changes') this.#onChanges(frame);
      else if (frame.type === 'top' && frame.offset > this.position) {
        throw new Error(`top ${frame.offset} beyond ${this.position}`);
      } else if (frame.type === 'reset') {
        this.position = frame.offset;
        this.#act = undefined;
      }
    }
    return this;
  }

  /**
   * It has asked for another view. Frames for the earlier view bring it to the position at which the new one begins
   * (VIEW-6).
   */
  exchange(tag: string | undefined): void {
    this.#former = { tag: this.#tag };
    this.#tag = tag;
    this.updates = 0;
  }

  #isFor(tag: string | undefined): boolean {
    if (tag !== this.#tag) return this.#former?.tag === tag && this.#former !== undefined;
    if (this.#former?.tag !== tag) this.#former = undefined;
    return true;
  }

  /** Ignores the frames that the peer got so far. */
  skip(): void {
    this.#seen = this.#peer.frames.length;
  }

  /** Key to value. */
  get state(): Record<string, unknown> {
    return Object.fromEntries([...this.entries].map(([key, { value }]) => [key, value]));
  }

  #onMessage({ offset, ops }: MessageFrame<ReceivedOperation>): void {
    if (offset > this.position + 1) throw new Error(`a gap: ${offset} behind ${this.position}`);
    for (const [i, op] of ops.entries()) this.#apply({ ...op, version: offset + i });
    this.#stand(Math.max(this.position, offset + ops.length - 1));
  }

  #onChanges({ after, offset, ops, replace, more, keep = [], scope }: Changes<ReceivedOperation>): void {
    if (after > this.position) throw new Error(`a gap: after ${after}, we stand at ${this.position}`);
    if (replace || !this.#act) this.#act = { replace: replace === true, scope, keep: new Set(), ops: [] };
    for (const key of keep) this.#act.keep.add(key);
    this.#act.ops.push(...ops);
    if (more) return;
    const act = this.#act;
    this.#act = undefined;
    if (act.replace) {
      const named = new Set([...act.keep, ...act.ops.map(({ key = '' }) => key)]);
      for (const key of act.keep) if (!this.entries.has(key)) throw new Error(`to keep ${key}, which we do not have`);
      for (const key of this.entries.keys()) if (!named.has(key)) this.entries.delete(key);
    }
    if (act.replace) this.scope = act.scope;
    for (const op of act.ops) this.#apply(op, act.replace);
    this.#stand(act.replace ? offset : Math.max(this.position, offset));
  }

  #apply({ key = '', kind, data, version = 0 }: ReceivedOperation, replace = false): void {
    const entry = this.entries.get(key);
    const known = Math.max(entry?.version ?? 0, this.#removed.get(key) ?? 0);
    if (version < known || (version === known && !replace)) return;
    this.ops++;
    if (isRemoval(kind)) {
      this.#removed.set(key, version);
      if (this.entries.delete(key)) this.removals.push(`${kind} ${key}`);
      return;
    }
    if (kind === 'patch' && !entry) throw new Error(`a patch of ${key}, which we do not have`);
    this.entries.set(key, { version, value: kind === 'patch' ? mergePatch(entry!.value, data) : data });
  }

  #stand(position: number): void {
    this.position = position;
    if (!this.#former) this.updates++;
    for (const [key, version] of this.#removed) if (version <= position) this.#removed.delete(key);
  }
}
