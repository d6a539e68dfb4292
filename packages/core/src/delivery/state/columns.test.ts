import type { View } from '@longwave/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileView } from './compiled-view.js';
import { Contents } from './contents.js';

const op = (offset: number, key: string, data: unknown) => ({ offset, time: 0, key, payload: JSON.stringify(data) });
const contentsOf = (values: readonly unknown[]) => {
  const ops = values.map((value, i) => op(i + 1, `k${i}`, value));
  return new Contents({ top: ops.length, floor: 0, ops }, { keys: 100, bytes: 1e6, removals: 10 }, 1e6);
};
/** Looks at all places, as the first reader of a view does. */
function lookAtAll(contents: Contents, view: View) {
  const compiled = compileView(view);
  const sieve = contents.sieve(compiled)!;
  for (let place = 0; place < contents.state.places; place++) {
    contents.fitAt(compiled, contents.state.at(place)!, place, sieve);
  }
}

describe('columns', () => {
  const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -5, max: 5 }));
  const member = fc.oneof(number, fc.constantFrom(null, '3', '', true, [1], { x: 1 }, 1e308));
  const value = fc.oneof(fc.record({ x: member, y: member }, { requiredKeys: [] }), member);
  const condition = fc.oneof(
    member.filter((one) => typeof one !== 'object'),
    fc.record(
      { eq: number, ne: number, gt: number, gte: number, lt: fc.oneof(number, fc.constant('3')), lte: number },
      { requiredKeys: [] },
    ),
  );
  const margin = fc.constantFrom(undefined, 0, 0.05, 0.5);
  const shape = fc.oneof(
    fc.record({ box: fc.tuple(number, number, number, number), margin }),
    fc.record({ circle: fc.tuple(number, number, number.map(Math.abs)), margin }),
  );
  const views = fc.record(
    { where: fc.record({ x: condition, y: condition }, { requiredKeys: [] }), area: shape },
    { requiredKeys: [] },
  );

  it('VIEW-1: what a sieve excludes is out of the view, whatever was read for other views before', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), fc.array(views, { maxLength: 6 }), (values, asked) => {
        const contents = contentsOf(values);
        for (const { where, area } of asked) {
          const view = { ...(where && { where }), ...(area && { area: { at: ['x', 'y'] as const, ...area } }) } as View;
          const compiled = compileView(view);
          const sieve = contents.sieve(compiled);
          for (const [place, one] of values.entries()) {
            if (sieve?.excludes(place)) expect(compiled.fit(one)).toBe('out');
            else if (sieve) contents.fitAt(compiled, contents.state.at(place)!, place, sieve);
          }
        }
      }),
    );
  });

  it('VIEW-1: a point on the line of a circle far from the origin is not excluded', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 7 }), fc.double({ min: 1e-3, max: 10 }), (angle, radius) => {
        const [x, y] = [1e6 + radius * Math.cos(angle), -1e6 + radius * Math.sin(angle)];
        const view = { area: { at: ['x', 'y'], circle: [1e6, -1e6, radius], margin: 0 } } as const;
        const contents = contentsOf([{ x, y }]);
        lookAtAll(contents, view);
        const compiled = compileView(view);
        if (compiled.fit({ x, y }) !== 'out') expect(contents.sieve(compiled)!.excludes(0)).toBe(false);
      }),
    );
  });

  it('knows of what was looked at, until it changes', () => {
    const contents = contentsOf([{ x: 1 }, { x: 'text' }, { y: 1 }]);
    const view = { where: { x: { gte: 2 } } };
    const excluded = () => [0, 1, 2].filter((place) => contents.sieve(compileView(view))!.excludes(place));
    expect(excluded()).toEqual([]);
    lookAtAll(contents, { where: { x: 5 } });
    expect(excluded()).toEqual([0, 1, 2]);
    contents.push(op(4, 'k0', { x: 3 }));
    expect(excluded()).toEqual([1, 2]);
    lookAtAll(contents, view);
    expect(excluded()).toEqual([1, 2]);
    contents.push(op(5, 'k3', { x: 3 }));
    expect(contents.sieve(compileView(view))!.excludes(3)).toBe(false);
    contents.take({ top: 9, ops: [op(9, 'k1', { x: 9 })] });
    expect(excluded()).toEqual([]);
  });

  it('VIEW-1: nor a point of a circle whose squares are no ordinary numbers', () => {
    for (const [radius, x] of [
      [1e200, 1e300],
      [1e-180, 1e-170],
      [0, 0],
    ] as const) {
      const view = { area: { at: ['x', 'y'], circle: [0, 0, radius] } } as const;
      const contents = contentsOf([{ x, y: 0 }]);
      const compiled = compileView(view);
      expect(compiled.fit({ x, y: 0 })).toBe('in');
      contents.sieve(compileView({ where: { x: 5, y: 5 } }))!.note(0, { x, y: 0 });
      expect(contents.sieve(compiled)?.excludes(0) ?? false).toBe(false);
    }
  });

  it('keeps eight fields, and takes another one for one that is not used any more', () => {
    const contents = contentsOf([{}]);
    const field = (i: number) => compileView({ where: { [`f${i}`]: 1 } });
    const all = compileView({ where: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}`, 1])) });
    contents.sieve(all)!.note(0, {});
    const isKnown = (i: number) => contents.sieve(field(i)) !== undefined;
    expect(Array.from({ length: 12 }, (_, i) => isKnown(i))).toEqual([
      ...Array<boolean>(8).fill(true),
      ...Array<boolean>(4).fill(false),
    ]);
    for (let i = 0; i < 1000; i++) for (let used = 0; used < 7; used++) isKnown(used);
    expect([isKnown(8), isKnown(7), isKnown(9)]).toEqual([true, false, false]);
  });
});
