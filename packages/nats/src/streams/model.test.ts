import { breakOf } from '@longwave/protocol';
import type { Keep, NewOperation } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { Model } from './model.js';
import { cutRecord, encodeRecord } from './record.js';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.js';

const retain: Keep = { count: 3, bytes: 1e6, ageMs: 1e9 };
const bounds: Keep = { keys: 10, bytes: 1e6, removals: 2 };

/** A journal, and what writes to it. */
class Journal {
  readonly messages: Uint8Array[] = [];
  #number = 0;

  write(appends: readonly NewOperation[], keep = retain, writer = 'w', maxBytes = 10_000): void {
    const record = encodeRecord({ time: 1000, keep, appends, ends: [] });
    const cut = cutRecord(record, writer, () => ++this.#number, { leases: false, version: 2, maxBytes });
    this.messages.push(...cut.map(({ message }) => message));
  }

  compact(offset: number, payload: string, writer = 'w', maxBytes = 10_000): void {
    const compact = { epoch: 'epoch', offset, payload: Buffer.from(payload) };
    const record = encodeRecord({ time: 1000, keep: undefined, appends: [], ends: [], compact });
    const cut = cutRecord(record, writer, () => ++this.#number, { leases: false, version: 3, maxBytes });
    this.messages.push(...cut.map(({ message }) => message));
  }

  replay(model = new Model('epoch', 100), from = 0): Model {
    for (const [i, message] of this.messages.entries()) if (i >= from) model.apply(i + 1, message, 0);
    return model;
  }
}

const payloadsOf = (model: Model) => model.read({ after: 0, limit: 100 }, 1000).ops.map(({ payload }) => payload);

it('copies and stragglers of a message are without effect', () => {
  const journal = new Journal();
  for (const payload of ['1', '2', '3']) journal.write([{ payload }]);
  journal.messages.splice(2, 0, journal.messages[1]!, journal.messages[0]!);
  expect(payloadsOf(journal.replay())).toEqual(['1', '2', '3']);
});

it('a record in pieces is carried out with its last one, between those of others; a part of one is not', () => {
  const journal = new Journal();
  journal.write([{ payload: 'a'.repeat(300) }], retain, 'one', 100);
  const pieces = journal.messages.length;
  journal.write([{ payload: 'between' }], retain, 'other');
  journal.messages.splice(1, 0, journal.messages.pop()!);
  expect(pieces).toBeGreaterThan(3);
  expect(payloadsOf(journal.replay())).toEqual(['between', 'a'.repeat(300)]);
  journal.messages.splice(2, 1);
  expect(payloadsOf(journal.replay())).toEqual(['between']);
});

describe('DOC-1: a compaction', () => {
  const whole: Keep = { count: 1e9, bytes: 1e6, ageMs: 1e15, whole: true };
  const read = (model: Model) => {
    const { floor, ops } = model.read({ after: 0, limit: 100 }, 1000);
    return [floor, ...ops.map(({ offset, payload }) => `${offset} ${Buffer.from(payload).toString()}`)];
  };
  const begin = (): Journal => {
    const journal = new Journal();
    for (const payload of ['1', '2', '3', '4']) journal.write([{ payload }], whole);
    return journal;
  };

  it('comes in pieces, beside what is appended meanwhile by its writer and by others, once', () => {
    const journal = begin();
    journal.compact(3, 'all'.repeat(50), 'w', 80);
    const pieces = journal.messages.length - 4;
    journal.write([{ payload: '5' }], whole);
    journal.messages.splice(5, 0, journal.messages.pop()!);
    journal.write([{ payload: '6' }], whole, 'other');
    journal.messages.splice(6, 0, journal.messages.pop()!);
    journal.messages.push(...journal.messages.slice(4));
    expect(pieces).toBeGreaterThan(2);
    expect(read(journal.replay())).toEqual([2, `3 ${'all'.repeat(50)}`, '4 4', '5 5', '6 6']);
  });

  it('has no effect when another begins before it is there', () => {
    const journal = begin();
    journal.compact(4, 'one'.repeat(50), 'one', 80);
    const last = journal.messages.pop()!;
    journal.compact(3, 'two', 'two');
    journal.messages.push(last);
    expect(read(journal.replay())).toEqual([2, '3 two', '4 4']);
  });

  it('has none in another epoch, and where it is done already', () => {
    const journal = begin();
    journal.compact(3, 'three');
    journal.compact(2, 'two');
    expect(read(journal.replay())).toEqual([2, '3 three', '4 4']);
    const late = begin();
    late.compact(3, 'three');
    const model = new Model('epoch', 100);
    for (const [i, message] of late.messages.entries()) {
      model.enter([{ after: 4, id: 'next' }], i + 1);
      const { compacted } = model.apply(i + 1, message, 0);
      expect(compacted).toBe(i < 4 ? undefined : false);
    }
    expect(read(model)).toEqual([0, '1 1', '2 2', '3 3', '4 4']);
  });
});

it('goes on from a snapshot as if it had read the whole journal, wherever that was taken', () => {
  const journal = new Journal();
  for (let seq = 1; seq <= 6; seq++) {
    journal.write([{ payload: `${seq}`, id: `${seq}`, producer: { id: 'p', seq } }]);
    journal.write([{ payload: 'x'.repeat(250), producer: { id: 'q', seq } }], retain, 'large', 100);
    journal.write([{ payload: `${seq}`, producer: { id: 'p', seq }, retry: true }], retain, 'other');
  }
  journal.compact(journal.replay().top, 'x'.repeat(250), 'w', 100);
  journal.write([{ payload: 'last' }]);
  const state = new Journal();
  for (let i = 1; i <= 8; i++) {
    state.write([{ key: `${i % 4}`, payload: new Uint8Array([i]), ttlMs: 5, rank: 1, holder: 'h', at: i }], bounds);
    if (i % 3 === 0) state.write([{ key: `${i % 4}`, kind: 'delete', payload: '', rank: 1 }], bounds);
  }
  for (const { messages, replay } of [journal, state].map((each) => ({
    messages: each.messages,
    replay: each.replay.bind(each),
  }))) {
    const whole = replay();
    for (let at = 0; at <= messages.length; at++) {
      const before = new Model('epoch', 100);
      for (let i = 0; i < at; i++) before.apply(i + 1, messages[i]!, 0);
      const written = Buffer.concat([...encodeSnapshot(before.snapshot())]);
      const after = replay(Model.restore(decodeSnapshot(written), 100, 0), at);
      expect(after.snapshot()).toEqual(whole.snapshot());
    }
  }
});

it('an era ends behind what was left of the journal: those who have no more than that go on', () => {
  const journal = new Journal();
  for (const payload of ['1', '2', '3']) journal.write([{ payload }]);
  const eras = [{ after: 2, id: 'next' }];
  const model = new Model('epoch', 100);
  for (const [i, message] of journal.messages.entries()) {
    model.enter(eras, i + 1);
    model.apply(i + 1, message, 0);
  }
  expect(model.epoch).toBe('epoch~2.next');
  expect(breakOf({ epoch: 'epoch', offset: 2 }, { epoch: model.epoch })).toBeUndefined();
  expect(breakOf({ epoch: 'epoch', offset: 3 }, { epoch: model.epoch })).toBe('truncated');
  model.enter(eras);
  expect(model.epoch).toBe('epoch~2.next');
  const unread = new Model('epoch', 100);
  unread.enter(eras);
  expect(unread.epoch).toBe('epoch~0.next');
});
