import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Mix, flashMixes, heatMixes } from './board-colors.js';

type Color = readonly [number, number, number];

const tokens = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');

function token(name: string, theme: 'light' | 'dark'): Color {
  const [, light = '', dark = ''] = new RegExp(`--${name}: light-dark\\(#(\\w{6}), #(\\w{6})\\)`).exec(tokens) ?? [];
  const value = Number.parseInt(theme === 'light' ? light : dark, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function mixed({ color, percent }: Mix, base: Color, theme: 'light' | 'dark'): Color {
  const [red, green, blue] = token(color, theme);
  const part = (a: number, b: number): number => (a * percent + b * (100 - percent)) / 100;
  return [part(red, base[0]), part(green, base[1]), part(blue, base[2])];
}

/** WCAG 2.2, "relative luminance". */
function luminance(color: Color): number {
  const linear = (value: number): number => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const [red, green, blue] = color;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function contrast(a: Color, b: Color): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each(['light', 'dark'] as const)('the board in the %s theme', (theme) => {
  it('can be read on each of its colors, flashing or not', () => {
    const text = token('text', theme);
    for (const heat of heatMixes) {
      const tile = mixed(heat, token('surface-2', theme), theme);
      expect(contrast(text, tile), JSON.stringify(heat)).toBeGreaterThanOrEqual(4.5);
      for (const flash of flashMixes) {
        expect(contrast(text, mixed(flash, tile, theme)), JSON.stringify([heat, flash])).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
