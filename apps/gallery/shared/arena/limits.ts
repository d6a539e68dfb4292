/** Sides of the arena, in units. A ship is about forty of them long. */
export const size = 2400;
/** Steps a second. */
export const rate = 60;

export const shipRadius = 18;
/** How far a beam reaches. */
export const range = 460;
export const fullShield = 3;
/** Seconds, as steps. */
export const fireSteps = 0.35 * rate;
export const dashSteps = 1.5 * rate;
export const backSteps = 2 * rate;
export const safeSteps = 2 * rate;
export const beamSteps = 0.2 * rate;
export const roundSteps = 180 * rate;

export const sparkCount = 110;
export const sparkSteps = 0.1 * rate;
/** Ships, with bots, that an arena has at least. */
export const fullArena = 16;
