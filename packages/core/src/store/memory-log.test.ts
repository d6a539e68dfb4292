import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryLog } from './memory-log.js';
import { Tail } from '../delivery/tail.js';

describe('MemoryLog', () => {
  it('LOG-2: after any appends it holds the longest suffix that fits, and reads like an array', () => {
    const bounds = fc.record({ count: fc.nat({ max: 20 }), bytes: fc.nat({ max: 200 }), ageMs: fc.nat({ max: 50 }) });
    const append = fc.record({ size: fc.nat({ max: 40 }), wait: fc.nat({ max: 10 }) });
    fc.assert(
      fc.property(
        bounds,
        fc.array(append, { maxLength: 150 }),
        fc.nat({ max: 160 }),
        fc.nat({ max: 20 }),
        (retain, appends, at, limit) => {
          const log = new MemoryLog(10);
          let model: { offset: number; size: number; time: number }[] = [];
          let now = 0;
          for (const { size, wait } of appends) {
            now += wait;
            log.append({ payload: 'x'.repeat(size) }, retain, now);
            model.push({ offset: log.top, size, time: now });
            while (model.length > retain.count || model.reduce((sum, op) => sum + op.size, 0) > retain.bytes)
              model.shift();
            model = model.filter(({ time }) => time >= now - retain.ageMs);
          }
          const offsets = model.map(({ offset }) => offset);
          expect(log.floor).toBe(log.top - offsets.length);
          const read = (query: { after?: number; before?: number }) =>
            log.read({ ...query, limit }).map(({ offset }) => offset);
          expect(read({ after: at })).toEqual(offsets.filter((offset) => offset > at).slice(0, limit));
          const older = offsets.filter((offset) => offset < at);
          expect(read({ before: at })).toEqual(older.slice(Math.max(0, older.length - limit)));
        },
      ),
    );
  });
});

describe('a repeated publish', () => {
  it('PUB-2: one that was found by its message id is found again when the id is forgotten', () => {
    const log = new MemoryLog(10);
    const retain = { count: 1, bytes: 1000, ageMs: Infinity };
    const repeated = { payload: '"b"', id: 'x', producer: { id: 'p', seq: 1 } };
    log.append({ payload: '"a"', id: 'x' }, retain, 0);
    expect(log.append(repeated, retain, 0)).toBe(1);
    log.append({ payload: '"c"' }, retain, 0);
    expect(log.append({ ...repeated, retry: true }, retain, 0)).toBe(1);
    expect(log.top).toBe(2);
  });

  it('PUB-2: its ack is that of the first, though the message id has been used again since', () => {
    const log = new MemoryLog(10);
    const retain = { count: 1, bytes: 1000, ageMs: Infinity };
    const first = { payload: '"a"', id: 'x', producer: { id: 'p', seq: 1 } };
    log.append(first, retain, 0);
    log.append({ payload: '"b"' }, retain, 0);
    log.append({ payload: '"c"', id: 'x', producer: { id: 'q', seq: 1 } }, retain, 0);
    expect(log.append({ ...first, retry: true }, retain, 0)).toBe(1);
  });

  it('PUB-4: a retry of a forgotten producer is refused, also when it has published something newer since', () => {
    const log = new MemoryLog(1);
    const retain = { count: 100, bytes: 1000, ageMs: Infinity };
    const publish = (id: string, seq: number, retry = false) =>
      log.append({ payload: '1', producer: { id, seq }, retry }, retain, 0);
    publish('p', 3);
    publish('q', 1);
    expect(() => publish('p', 3, true)).toThrow(expect.objectContaining({ code: 'too-old' }));
    log.append({ payload: '1', id: 'x' }, retain, 0);
    log.append({ payload: '1', id: 'x', producer: { id: 'p', seq: 2 }, retry: true }, retain, 0);
    expect(() => publish('p', 3, true)).toThrow(expect.objectContaining({ code: 'too-old' }));
    publish('p', 4);
    expect(() => publish('p', 3, true)).toThrow(expect.objectContaining({ code: 'too-old' }));
    expect(publish('p', 4, true)).toBe(4);
    expect(log.top).toBe(4);
  });

  it('PUB-4: a first sending that comes late does not make what was stored behind it look new (seed 75723)', () => {
    const log = new MemoryLog(1);
    const retain = { count: 100, bytes: 1000, ageMs: Infinity };
    const publish = (id: string, seq: number, retry = false) =>
      log.append({ payload: '1', producer: { id, seq }, retry }, retain, 0);
    for (const seq of [1, 2, 3]) publish('p', seq, true);
    publish('q', 1);
    // Held up on the old connection all the while: nothing tells it from something new.
    publish('p', 1);
    for (const seq of [2, 3]) {
      expect(() => publish('p', seq, true)).toThrow(expect.objectContaining({ code: 'too-old' }));
    }
    publish('p', 4, true);
    expect(log.top).toBe(6);
  });

  it('PUB-4: above every sequence that was forgotten a retry is stored, also of a producer not seen before', () => {
    const log = new MemoryLog(1);
    const retain = { count: 100, bytes: 1000, ageMs: Infinity };
    const publish = (id: string, seq: number, retry = false) =>
      log.append({ payload: '1', producer: { id, seq }, retry }, retain, 0);
    publish('p', 3);
    publish('q', 1);
    publish('r', 4, true);
    expect(log.top).toBe(3);
    expect(() => publish('s', 3, true)).toThrow(expect.objectContaining({ code: 'too-old' }));
  });
});

describe('Tail', () => {
  it('is a contiguous run that ends at the top, within its bytes but for one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 200 }), (sizes) => {
        const tail = new Tail(10, 1000);
        for (const [i, size] of sizes.entries()) tail.push({ offset: 11 + i, time: 0, payload: 'x'.repeat(size) });
        expect(tail.top).toBe(10 + sizes.length);
        for (let after = tail.floor; after < tail.top; after++) {
          const ops = tail.read(after, 400)!;
          expect(ops.map(({ offset }) => offset)).toEqual(ops.map((_, i) => after + 1 + i));
          expect(ops.length === 1 || ops.reduce((sum, { payload }) => sum + payload.length + 32, 0) <= 400).toBe(true);
        }
        expect(tail.read(tail.floor - 1, 400)).toBeUndefined();
        expect(tail.read(tail.top, 400)).toBeUndefined();
      }),
    );
  });
});
