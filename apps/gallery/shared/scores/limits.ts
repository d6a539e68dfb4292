/** Limits that both ends share, free of dependencies: the pages load no schemas. */

export const sides = ['home', 'away'] as const;
export type Side = (typeof sides)[number];

export const maxCommentLength = 280;

export const matchIdPattern = /^\d{1,6}-\d{1,2}$/;

export const headlineTags = ['goal', 'red card', 'correction', 'result', 'round'] as const;

/** Events that begin and end the halves: the director enters them, and no operator. */
const whistles: readonly string[] = ['kick-off', 'half-time', 'second-half', 'full-time'];

export function isWhistle(kind: string): boolean {
  return whistles.includes(kind);
}
