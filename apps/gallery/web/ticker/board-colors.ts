/** Steps of color on each side of no change. */
export const heatSteps = 6;

/** A color of the board as a mix of two colors of `tokens.css`: `percent` of `color` in `base`. */
export interface Mix {
  readonly color: 'good' | 'bad' | 'surface';
  readonly percent: number;
}

/** The deepest color leaves the text a contrast of 4.5 : 1 in both themes (WCAG 1.4.3). */
const deepestPercent = 45;

/** From the deepest fall to the highest rise, each in `--surface-2`. */
export const heatMixes: readonly Mix[] = Array.from({ length: 2 * heatSteps + 1 }, (_, index) => {
  const step = index - heatSteps;
  return { color: step < 0 ? 'bad' : 'good', percent: (Math.abs(step) / heatSteps) * deepestPercent };
});

/** The light of a change, the brightest first, over the tile: towards the surface, away from the text. */
export const flashMixes: readonly Mix[] = [45, 20].map((percent) => ({ color: 'surface', percent }));
