const chunkSize = 4096;

/** Message codes by offset, 8 bytes each. 0 is none. */
export class OffsetLog {
  readonly chunks: Map<number, Float64Array>;
  /** The highest offset that has a code. */
  top = 0;
  #at = -1;
  #chunk: Float64Array | undefined;

  constructor(chunks: ReadonlyMap<number, Float64Array> = new Map()) {
    this.chunks = new Map(chunks);
    for (const [at, chunk] of chunks) {
      for (let i = chunkSize - 1; i >= 0; i--) {
        if (chunk[i] === 0) continue;
        this.top = Math.max(this.top, at * chunkSize + i);
        break;
      }
    }
  }

  get(offset: number): number {
    return this.#chunkOf(offset)?.[offset % chunkSize] ?? 0;
  }

  set(offset: number, code: number): void {
    let chunk = this.#chunkOf(offset);
    if (!chunk) {
      chunk = new Float64Array(chunkSize);
      this.#at = Math.floor(offset / chunkSize);
      this.#chunk = chunk;
      this.chunks.set(this.#at, chunk);
    }
    chunk[offset % chunkSize] = code;
    if (offset > this.top) this.top = offset;
  }

  /** Sets what is not set. Returns what stands there now. */
  settle(offset: number, code: number): number {
    const known = this.get(offset);
    if (known !== 0) return known;
    this.set(offset, code);
    return code;
  }

  /** In rising order. */
  *entries(): Generator<readonly [offset: number, code: number]> {
    for (const at of [...this.chunks.keys()].toSorted((a, b) => a - b)) {
      const chunk = this.chunks.get(at)!;
      for (let i = 0; i < chunkSize; i++) if (chunk[i] !== 0) yield [at * chunkSize + i, chunk[i]!];
    }
  }

  #chunkOf(offset: number): Float64Array | undefined {
    const at = Math.floor(offset / chunkSize);
    if (at !== this.#at) {
      this.#at = at;
      this.#chunk = this.chunks.get(at);
    }
    return this.#chunk;
  }
}
