import { describe, expect, it } from 'vitest';
import type { View } from './view.js';
import { canonicalView, viewTag } from './view.js';

describe('the name of a view', () => {
  it('VIEW-11: its text has members in the order of their units, like numbers or not, and each key once', () => {
    const view: View = { where: { 9: 'é', 10: 1, b: true, a: null, aa: 2 }, rate: 5, keys: ['b', 'a', 'b'] };
    expect(canonicalView(view)).toBe('{"keys":["a","b"],"rate":5,"where":{"10":1,"9":"é","a":null,"aa":2,"b":true}}');
    expect(canonicalView({ area: { box: [0, 1.5, 1e21, -0], at: ['x', 'y'] } })).toBe(
      '{"area":{"at":["x","y"],"box":[0,1.5,1e+21,0]}}',
    );
  });

  it('VIEW-12: its tag is the hash that SPEC.md says', () => {
    expect(viewTag('{"rate":5}')).toBe('3br2lmxy6q');
    expect(viewTag('{"keys":["a","b"],"where":{"10":1,"9":"é"}}')).toBe('tuyw58iqhr');
  });

  it('VIEW-3: the view {} has none', () => {
    expect(viewTag(canonicalView({}))).toBeUndefined();
  });
});
