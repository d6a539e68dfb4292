import { describe, expect, it } from 'vitest';
import { createPacer } from './pacer.js';

/** A host whose time passes only when told, and which notes where each callback was put. */
function setUp() {
  let now = 1000;
  let idle = 0;
  const put: (number | 'next turn')[] = [];
  let waiting: (() => void)[] = [];
  const { defer, hurry } = createPacer({
    now: () => now,
    idle: () => idle,
    nextTurn: (callback) => {
      put.push('next turn');
      waiting.push(callback);
    },
    after: (callback, delayMs) => {
      put.push(delayMs);
      waiting.push(callback);
      return () => void (waiting = waiting.filter((other) => other !== callback));
    },
  });
  const pass = (ms: number): void => void (now += ms);
  const turn = (): void => {
    for (const callback of waiting.splice(0)) callback();
  };
  /** Defers a callback that takes so long, and runs it. */
  const work = (tookMs: number): void => {
    defer(() => pass(tookMs));
    turn();
  };
  /** The host has nothing to do for so long. */
  const rest = (ms: number): void => {
    pass(ms);
    idle += ms;
  };
  /** Messages come so far apart, and a flush takes `tookMs`: the pauses that are made within `seconds`. */
  const load = (seconds: number, everyMs: number, tookMs: number): number[] => {
    const end = now + seconds * 1000;
    put.length = 0;
    for (let due = now + everyMs; now < end; due += Math.ceil(Math.max(now - due, 1) / everyMs) * everyMs) {
      if (now < due) rest(due - now);
      defer(() => pass(tookMs));
      const pause = put.at(-1);
      if (typeof pause === 'number') rest(pause);
      turn();
    }
    return put.filter((at) => typeof at === 'number');
  };
  return { defer, hurry, work, pass, put, turn, load };
}

describe('createPacer', () => {
  it('runs the first callback in the next turn, once and not before', () => {
    const { defer, put, turn } = setUp();
    let runs = 0;
    defer(() => runs++);
    expect([runs, put]).toEqual([0, ['next turn']]);
    turn();
    turn();
    expect(runs).toBe(1);
  });

  it('leaves no pause behind a callback that took little', () => {
    const { work, put } = setUp();
    for (let i = 0; i < 3; i++) work(0.9);
    expect(put).toEqual(['next turn', 'next turn', 'next turn']);
  });

  it('leaves a pause of the same length behind one that took long', () => {
    const { work, put } = setUp();
    work(4);
    work(2);
    work(0);
    expect(put).toEqual(['next turn', 4, 2]);
  });

  it('bounds the pause', () => {
    const { work, put } = setUp();
    work(500);
    work(0);
    expect(put).toEqual(['next turn', 5]);
  });

  it('counts the time that went by since', () => {
    const { work, pass, put } = setUp();
    work(4);
    pass(3);
    work(4);
    pass(4);
    work(0);
    expect(put).toEqual(['next turn', 1, 'next turn']);
  });

  it('ends the pause when told to hurry, and runs what waits once', () => {
    const { defer, hurry, work, put, turn } = setUp();
    work(5);
    let runs = 0;
    defer(() => runs++);
    hurry();
    hurry();
    expect([runs, put]).toEqual([0, ['next turn', 5, 'next turn']]);
    turn();
    hurry();
    turn();
    expect(runs).toBe(1);
  });

  it('makes no pauses where the core stays idle for a good part of the time', () => {
    const { load, put } = setUp();
    load(1, 7, 5);
    expect([load(2, 7, 5).length, put.length > 250]).toEqual([0, true]);
  });

  it('works off what the pauses held back before it looks whether there is time', () => {
    const { load } = setUp();
    load(1, 1, 5);
    // Saturated for a second, then a third of the core is idle.
    load(4, 7, 4.6);
    expect(load(2, 7, 4.6)).toEqual([]);
  });

  it('makes pauses where a small part would stay idle without: each message would have a flush of its own', () => {
    const { load, put } = setUp();
    load(10, 6, 5);
    const pauses = load(10, 6, 5).length;
    // Two messages come in a pause, and a third one after it.
    expect(pauses / put.length).toBeGreaterThan(0.64);
  });

  it('hardly tries to do without where no time is left, and does without again when it is', () => {
    const { load, put } = setUp();
    load(10, 1, 5);
    const pauses = load(10, 1, 5).length;
    expect(pauses / put.length).toBeGreaterThan(0.99);
    load(7, 20, 5);
    expect(load(2, 20, 5)).toEqual([]);
    load(1, 1, 5);
    expect(load(1, 1, 5).length / put.length).toBeGreaterThan(0.8);
  });

  it('keeps the pauses of two apart', () => {
    const [busy, idle] = [setUp(), setUp()];
    busy.work(5);
    busy.work(0);
    idle.work(0);
    expect([busy.put, idle.put]).toEqual([['next turn', 5], ['next turn']]);
  });
});
