import { LongwaveError, type StateBounds } from '@longwave/protocol';
import type { MakeId, Store } from '../base/ports.js';
import type { DocumentVersion, VersionBounds } from './document-format.js';

/** The state of a document at an offset, as its format wrote it. */
export interface VersionContent {
  readonly epoch: string;
  readonly offset: number;
  readonly payload: Uint8Array;
}

/** The name and user stand beside the content. With a name, somebody asked for the version, and it stays. */
export interface VersionMeta {
  readonly name?: string | undefined;
  readonly user?: string | undefined;
}

/** Where a content is. */
interface Parts {
  readonly content: string;
  readonly parts: number;
}

/** An entry of the list. */
type Listed = DocumentVersion & Parts;

/** No client can name them: `$` is in no channel name (CH-1). */
const listOf = (document: string): string => `$versions/${document}`;
const partsOf = (document: string): string => `$parts/${document}`;
/** Fits into a message of every store. */
const partBytes = 48 * 1024;
const atOnce = 16;
const maxTries = 20;
const listBounds: StateBounds = { keys: 10_000, bytes: 16 * 1024 * 1024, removals: 100 };

/**
 * The versions of documents, in internal states of the store beside them: a list, and the parts of each content. A version is there once it
 * stands in the list, which takes each number once, whichever node was first.
 */
export class VersionStore {
  readonly #store: Store;
  readonly #makeId: MakeId;
  readonly #bounds: VersionBounds;

  constructor(store: Store, makeId: MakeId, bounds: VersionBounds) {
    this.#store = store;
    this.#makeId = makeId;
    this.#bounds = bounds;
  }

  /** The oldest first. */
  async list(document: string): Promise<readonly DocumentVersion[]> {
    return (await this.#list(document)).map(({ content: _content, parts: _parts, ...version }) => version);
  }

  /** Rejects with `trimmed` when there is no such version, or no more. */
  async read(document: string, id: string): Promise<Uint8Array> {
    const version = (await this.#list(document)).find((each) => each.id === id);
    if (!version) throw gone(document, id);
    const whole = new Uint8Array(version.bytes);
    await inGroups(version.parts, async (part) => {
      const { ops } = await this.#store.read(partsOf(document), { key: `${version.content}/${part}`, limit: 1 });
      if (!(ops[0]?.payload instanceof Uint8Array)) throw gone(document, id);
      whole.set(ops[0].payload, part * partBytes);
    });
    return whole;
  }

  /**
   * Stores a version under a name. Rejects with `too-many` or `too-large` where those that have names leave no room; of the others the
   * oldest make room.
   */
  async save(document: string, content: VersionContent, meta: VersionMeta): Promise<DocumentVersion> {
    // Those that make room may be the newest: their numbers are not used again.
    const before = Number((await this.#list(document)).at(-1)?.id ?? 0);
    await this.#makeRoom(document, content.payload.length, true);
    const parts = await this.#storeParts(document, content.payload);
    for (let tries = 0; tries < maxTries; tries++) {
      const last = Number((await this.#list(document)).at(-1)?.id ?? 0);
      const version = await this.#add(document, Math.max(last, before), { ...content, ...meta, ...parts });
      if (version) return version;
    }
    await this.#removeParts(document, parts);
    throw new LongwaveError('unavailable', 'Too many versions are being made at once.');
  }

  /**
   * Stores a version without a name, as the next one to `last`. Resolves with `taken` when another node made that one meanwhile, which
   * may be of an earlier state, and with `full` when those that have names leave no room.
   */
  async keep(document: string, content: VersionContent, last: string): Promise<'kept' | 'taken' | 'full'> {
    if (!(await this.#makeRoom(document, content.payload.length, false))) return 'full';
    const parts = await this.#storeParts(document, content.payload);
    if (await this.#add(document, Number(last), { ...content, ...parts })) return 'kept';
    await this.#removeParts(document, parts);
    return 'taken';
  }

  async #storeParts(document: string, payload: Uint8Array): Promise<Parts> {
    const content = this.#makeId();
    const parts = Math.ceil(payload.length / partBytes);
    await inGroups(parts, async (part) => {
      const slice = payload.slice(part * partBytes, (part + 1) * partBytes);
      await this.#store.append(partsOf(document), { key: `${content}/${part}`, payload: slice }, this.#partBounds());
    });
    return { content, parts };
  }

  /** Undefined: there is a version with this number. */
  async #add(
    document: string,
    last: number,
    draft: VersionContent & VersionMeta & Parts,
  ): Promise<DocumentVersion | undefined> {
    const { epoch, offset, name, user, content, parts, payload } = draft;
    const id = String(last + 1);
    const stored = { name, user, epoch, offset, bytes: payload.length, content, parts };
    try {
      await this.#store.append(listOf(document), { key: id, payload: JSON.stringify(stored), expect: 0 }, listBounds);
    } catch (error) {
      if (error instanceof LongwaveError && error.code === 'conflict') return undefined;
      throw error;
    }
    return (await this.list(document)).find((each) => each.id === id);
  }

  async #list(document: string): Promise<readonly Listed[]> {
    const { ops } = await this.#store.read(listOf(document), { limit: listBounds.keys });
    return ops
      .map(({ key, time, payload }) => ({
        id: key!,
        time,
        ...(JSON.parse(payload as string) as Omit<Listed, 'id' | 'time'>),
      }))
      .toSorted((a, b) => Number(a.id) - Number(b.id));
  }

  async #makeRoom(document: string, added: number, isNamed: boolean): Promise<boolean> {
    const known = await this.#list(document);
    let count = known.length + 1;
    let bytes = known.reduce((sum, version) => sum + version.bytes, added);
    const fits = (): boolean => count <= this.#bounds.count && bytes <= this.#bounds.bytes;
    const removed: Listed[] = [];
    for (const version of known) {
      if (fits()) break;
      if (version.name !== undefined) continue;
      removed.push(version);
      count--;
      bytes -= version.bytes;
    }
    if (!fits()) {
      if (!isNamed) return false;
      if (count > this.#bounds.count)
        throw new LongwaveError('too-many', `A document has ${this.#bounds.count} versions at most.`);
      throw new LongwaveError('too-large', `The versions of a document have ${this.#bounds.bytes} bytes at most.`);
    }
    for (const version of removed) {
      const operation = { key: version.id, kind: 'delete', payload: '' } as const;
      await this.#store.append(listOf(document), operation, listBounds);
      await this.#removeParts(document, version);
    }
    return true;
  }

  async #removeParts(document: string, { content, parts }: Parts): Promise<void> {
    await inGroups(parts, async (part) => {
      const operation = { key: `${content}/${part}`, kind: 'delete', payload: '' } as const;
      await this.#store.append(partsOf(document), operation, this.#partBounds());
    });
  }

  /** Several nodes may store versions at once, before the list says which one counts. */
  #partBounds(): StateBounds {
    return { keys: 1_000_000, bytes: 4 * this.#bounds.bytes, removals: 100 };
  }
}

function gone(document: string, id: string): LongwaveError {
  return new LongwaveError('trimmed', `'${document}' has no version ${id}.`);
}

async function inGroups(count: number, work: (index: number) => Promise<void>): Promise<void> {
  for (let start = 0; start < count; start += atOnce) {
    const indices = Array.from({ length: Math.min(atOnce, count - start) }, (_, i) => start + i);
    await Promise.all(indices.map(work));
  }
}
