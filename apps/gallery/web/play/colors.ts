import { resolveColor } from '../lib/resolve-color.js';

/** Colors of the stage, as a canvas takes them. */
export interface StageColors {
  readonly outside: string;
  readonly floor: string;
  readonly grid: string;
  readonly edge: string;
  readonly text: string;
  readonly quiet: string;
  readonly own: string;
  readonly spark: string;
  readonly gold: string;
  readonly hit: string;
  readonly halo: string;
  readonly hues: readonly string[];
}

/** The hue of a ship, by its id: the same on every screen. */
export const hueCount = 6;

export function readColors(canvas: HTMLCanvasElement): StageColors {
  const of = (value: string): string => resolveColor(canvas, value);
  return {
    outside: of('var(--surface-2)'),
    floor: of('light-dark(#fdfefd, #0c100f)'),
    grid: of('color-mix(in srgb, var(--line) 70%, transparent)'),
    edge: of('var(--text-quiet)'),
    text: of('var(--text)'),
    quiet: of('var(--text-quiet)'),
    own: of('var(--accent)'),
    spark: of('var(--hue-2)'),
    gold: of('var(--busy)'),
    hit: of('var(--bad)'),
    halo: of('var(--surface)'),
    hues: Array.from({ length: hueCount }, (_, hue) => of(`var(--hue-${hue})`)),
  };
}
