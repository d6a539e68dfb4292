import { describe, expect, it } from 'vitest';
import { type Place, networkOf, placeToGiveUp } from './places.js';

/** One letter a place, the oldest first: its network; a capital stands still. */
const places = (letters: string): (Place & { readonly at: number })[] =>
  [...letters].map((letter, at) => ({ at, network: letter.toLowerCase(), isIdle: letter !== letter.toLowerCase() }));
const goes = (letters: string, newcomer: string): number | undefined => placeToGiveUp(places(letters), newcomer)?.at;

describe('the place that gives way', () => {
  it('is the oldest of the network that holds most', () => {
    expect(goes('abbbc', 'd')).toBe(1);
  });

  it('is the newcomer’s own where they would hold most, or as many as any', () => {
    expect(goes('abbcc', 'b')).toBe(1);
    expect(goes('cbbca', 'b')).toBe(1);
    expect(goes('ccbba', 'b')).toBe(2);
    expect(goes('cccba', 'b')).toBe(0);
  });

  it('is one that stands still before one that is used', () => {
    expect(goes('abBbc', 'd')).toBe(2);
    // One that stands still of a network that holds fewer is not touched.
    expect(goes('Abbbc', 'd')).toBe(1);
  });

  it('is among all where all share a network, and where each holds one', () => {
    expect(goes('aaAaA', 'a')).toBe(2);
    expect(goes('aaaaa', 'a')).toBe(0);
    expect(goes('abcDe', 'f')).toBe(3);
    expect(goes('abcde', 'f')).toBe(0);
  });

  it('is none where there is none', () => {
    expect(goes('', 'a')).toBeUndefined();
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::', 'fe80:0:0:0'],
    [undefined, ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
