import { describe, expect, it } from 'vitest';
import type { NewOperation, Producer } from '../base/ports.js';
import { type PublishMemory, findRepeated } from './find-repeated.js';

/** A memory that was told by hand what it knows. */
class Memory implements PublishMemory {
  readonly sequences = new Map<number, number | 'unknown'>();
  readonly ids = new Map<string, number>();
  forgotIds = false;
  isAnew = false;
  /** The answer to a retry whose sequence is not known. */
  ofRetry: 'new' | 'unknown' = 'new';

  readonly windows = {
    find: (_: string | undefined, { seq }: Producer, retry: boolean) =>
      this.sequences.get(seq) ?? (retry ? this.ofRetry : ('new' as const)),
    overtakes: (_: string | undefined, { after }: Producer) => after !== undefined && !this.sequences.has(after),
  };

  offsetOf(id: string): number | undefined {
    return this.ids.get(id);
  }

  mayHaveBefore({ retry }: NewOperation): boolean {
    return retry === true && this.isAnew;
  }

  recordSequence(_: string | undefined, { seq }: Producer, offset: number): void {
    this.sequences.set(seq, offset);
  }
}

const publish = (more: Partial<NewOperation>): NewOperation => ({ payload: '1', ...more });
const by = (seq: number, after?: number): Partial<NewOperation> => ({ producer: { id: 'p', seq, after } });
const tooOld = expect.objectContaining({ code: 'too-old' });
const outOfOrder = expect.objectContaining({ code: 'out-of-order' });

describe('a publish', () => {
  it('of which nothing is known is new, and nothing is remembered of it', () => {
    const memory = new Memory();
    for (const more of [{}, by(1), { id: 'm' }, { ...by(1), id: 'm', retry: true }, { retry: true }]) {
      expect(findRepeated(memory, publish(more))).toBeUndefined();
    }
    expect([memory.sequences.size, memory.ids.size]).toEqual([0, 0]);
  });

  it('PUB-2: is found by its sequence, before its message id is asked', () => {
    const memory = new Memory();
    memory.sequences.set(1, 5);
    memory.ids.set('m', 9);
    expect(findRepeated(memory, publish({ ...by(1), id: 'm' }))).toBe(5);
    expect(findRepeated(memory, publish({ id: 'm' }))).toBe(9);
  });

  it('PUB-3: that is found by its message id is known by its sequence from then on', () => {
    const memory = new Memory();
    memory.ids.set('m', 9);
    expect(findRepeated(memory, publish({ ...by(2), id: 'm' }))).toBe(9);
    expect(memory.sequences).toEqual(new Map([[2, 9]]));
  });

  it('PUB-3: is not made known by its sequence where others of its producer may be forgotten', () => {
    const memory = new Memory();
    memory.ids.set('m', 9);
    memory.ofRetry = 'unknown';
    expect(findRepeated(memory, publish({ ...by(2), id: 'm' }))).toBe(9);
    expect(memory.sequences.size).toBe(0);
  });

  it('PUB-4: of a sequence that can no longer be told is refused, unless its message id tells', () => {
    const memory = new Memory();
    memory.sequences.set(1, 'unknown');
    expect(() => findRepeated(memory, publish({ ...by(1), id: 'm' }))).toThrow(tooOld);
    memory.ids.set('m', 9);
    expect(findRepeated(memory, publish({ ...by(1), id: 'm' }))).toBe(9);
  });

  it('PUB-4: with an id alone may be one whose id was forgotten, if it is a retry', () => {
    const memory = new Memory();
    memory.forgotIds = true;
    expect(() => findRepeated(memory, publish({ id: 'm', retry: true }))).toThrow(tooOld);
    expect(findRepeated(memory, publish({ id: 'm' }))).toBeUndefined();
    expect(findRepeated(memory, publish({ retry: true }))).toBeUndefined();
    // A sequence tells it apart.
    expect(findRepeated(memory, publish({ ...by(1), id: 'm', retry: true }))).toBeUndefined();
  });

  it('PUB-4: may have been stored before its channel was forgotten, if it is a retry', () => {
    const memory = new Memory();
    memory.isAnew = true;
    expect(() => findRepeated(memory, publish({ ...by(1), retry: true }))).toThrow(tooOld);
    expect(findRepeated(memory, publish(by(1)))).toBeUndefined();
  });

  it('PUB-7: is refused before the one it names is there, even where its message id is known', () => {
    const memory = new Memory();
    memory.ids.set('m', 9);
    expect(() => findRepeated(memory, publish({ ...by(2, 1), id: 'm' }))).toThrow(outOfOrder);
    memory.sequences.set(1, 8);
    expect(findRepeated(memory, publish({ ...by(2, 1), id: 'm' }))).toBe(9);
  });
});
