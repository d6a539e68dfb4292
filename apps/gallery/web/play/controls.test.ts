import { expect, it } from 'vitest';
import { Controls } from './controls.js';

it('steers by arrows and letters, and as fast aslant as straight', () => {
  const controls = new Controls();
  expect(controls.keyDown('KeyQ', 0)).toBe(false);
  expect(controls.keyDown('KeyD', 0)).toBe(true);
  expect(controls.read(0)).toMatchObject({ dx: 1, dy: 0, isFiring: false, aim: undefined });
  controls.keyDown('ArrowUp', 0);
  const { dx, dy } = controls.read(0);
  expect([dx, dy].map((each) => each.toFixed(3))).toEqual(['0.707', '-0.707']);
  controls.keyDown('ArrowLeft', 0);
  expect(controls.read(0)).toMatchObject({ dx: 0, dy: -1 });
  controls.keyUp('ArrowLeft', 0);
  controls.keyUp('ArrowUp', 0);
  controls.keyUp('KeyD', 0);
  expect(controls.read(0)).toMatchObject({ dx: 0, dy: 0 });
});

it('dashes once for each press', () => {
  const controls = new Controls();
  controls.keyDown('ShiftLeft', 0);
  controls.keyDown('ShiftLeft', 0, true);
  expect([controls.takeDash(), controls.takeDash()]).toEqual([true, false]);
});

it('flies to the mouse and aims by it, unless keys steer', () => {
  const controls = new Controls();
  controls.point({ x: 300, y: 0 });
  expect(controls.read(10_000)).toMatchObject({ dx: 1, dy: 0, aim: 0 });
  controls.point({ x: 0, y: 78 });
  expect(controls.read(10_000)).toMatchObject({ dx: 0, dy: 0.5, aim: Math.PI / 2 });
  // It rests on the ship.
  controls.point({ x: 3, y: 3 });
  expect(controls.read(10_000)).toMatchObject({ dx: 0, dy: 0 });
  controls.point({ x: 300, y: 0 });
  controls.keyDown('KeyW', 10_000);
  expect(controls.read(10_000)).toMatchObject({ dx: 0, dy: -1, aim: 0 });
  controls.keyUp('KeyW', 11_000);
  expect(controls.read(14_999)).toMatchObject({ dx: 0, dy: 0, aim: 0 });
  expect(controls.read(15_000)).toMatchObject({ dx: 1, dy: 0 });
});

it('is steered by a thumb as far as it is pushed, and fires by the other', () => {
  const controls = new Controls();
  controls.stick({ x: 0.3, y: -0.4 });
  controls.tap(true);
  expect(controls.read(0)).toEqual({ dx: 0.3, dy: -0.4, isFiring: true, aim: undefined });
  controls.release();
  expect(controls.read(0)).toEqual({ dx: 0, dy: 0, isFiring: false, aim: undefined });
});

it('lets a key that was let go between two frames count for one', () => {
  const controls = new Controls();
  for (const code of ['KeyD', 'Space']) {
    controls.keyDown(code, 0);
    controls.keyUp(code, 0);
  }
  expect(controls.read(0)).toMatchObject({ dx: 1, isFiring: true });
  expect(controls.read(0)).toMatchObject({ dx: 0, isFiring: false });
});
