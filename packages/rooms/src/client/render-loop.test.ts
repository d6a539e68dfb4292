import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type RoomFrame, renderLoop } from './render-loop.js';

type Frame = (now: number) => void;

/** A page whose frames the test paints, and which it hides. */
function openPage() {
  const asked = new Map<number, Frame>();
  const listeners = new Set<() => void>();
  let last = 0;
  const document = {
    hidden: false,
    addEventListener: (_type: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => void listeners.delete(listener),
  };
  vi.stubGlobal('document', document);
  vi.stubGlobal('requestAnimationFrame', (frame: Frame) => (asked.set(++last, frame), last));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => void asked.delete(id));
  return {
    listeners,
    /** Returns the number of callbacks that were waiting for this frame. */
    paint: (now: number): number => {
      const frames = [...asked.values()];
      asked.clear();
      for (const frame of frames) frame(now);
      return frames.length;
    },
    hide: (hidden: boolean): void => {
      document.hidden = hidden;
      for (const listener of [...listeners]) listener();
    },
  };
}

type Kinds = Record<never, never>;
let page: ReturnType<typeof openPage>;
let drawn: RoomFrame<Kinds>[];
const room = { draw: () => ({ entities: {}, own: undefined }) };

beforeEach(() => {
  page = openPage();
  drawn = [];
});
afterEach(() => vi.unstubAllGlobals());

const times = (): (readonly [number, number])[] => drawn.map(({ now, dt }) => [now, dt]);

it('draws each frame with the time since the one before, up to a tenth of a second', () => {
  renderLoop<Kinds, Kinds, never>(room, (frame) => drawn.push(frame));
  for (const now of [1000, 1016, 1050, 5000]) expect(page.paint(now)).toBe(1);
  expect(times()).toEqual([
    [1000, 0],
    [1016, 0.016],
    [1050, 0.034],
    [5000, 0.1],
  ]);
  expect(drawn[0]!.entities).toEqual({});
});

it('stands still while the page is hidden, and begins anew', () => {
  renderLoop<Kinds, Kinds, never>(room, (frame) => drawn.push(frame));
  page.paint(1000);
  page.hide(true);
  expect(page.paint(1016)).toBe(0);
  page.hide(false);
  // However often it is told.
  page.hide(false);
  expect(page.paint(9000)).toBe(1);
  expect(times()).toEqual([
    [1000, 0],
    [9000, 0],
  ]);
});

it('asks for nothing where it begins on a hidden page', () => {
  page.hide(true);
  renderLoop<Kinds, Kinds, never>(room, (frame) => drawn.push(frame));
  expect(page.paint(1000)).toBe(0);
  page.hide(false);
  expect(page.paint(1016)).toBe(1);
});

it('ends when it is told to, also from within a frame, and leaves nothing behind', () => {
  const stop = renderLoop<Kinds, Kinds, never>(room, (frame) => {
    drawn.push(frame);
    stop();
  });
  page.paint(1000);
  stop();
  page.hide(false);
  expect(page.paint(1016)).toBe(0);
  expect(drawn).toHaveLength(1);
  expect(page.listeners.size).toBe(0);
});

it('goes on with the next frame where one could not be drawn', () => {
  let fails = true;
  renderLoop<Kinds, Kinds, never>(room, (frame) => {
    if (fails) throw new Error('a mistake of the application');
    drawn.push(frame);
  });
  expect(() => page.paint(1000)).toThrow('a mistake');
  fails = false;
  page.paint(1016);
  expect(drawn).toHaveLength(1);
});

it('says so where nothing is drawn', () => {
  vi.stubGlobal('requestAnimationFrame', undefined);
  expect(() => renderLoop<Kinds, Kinds, never>(room, () => undefined)).toThrow(/requestAnimationFrame/);
});
