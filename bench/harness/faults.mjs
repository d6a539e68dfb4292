// What must be zero for a figure to count, and the marks that warn of figures that do not mean what they seem to.

/** @param {any} group  a group of subscribers in a generator's result */
export function countFaults(group) {
  const { lost, duplicated, reordered, corrupt, misrouted } = group;
  return { lost, duplicated, reordered, corrupt, misrouted };
}

export const faultNames = ['lost', 'duplicated', 'reordered', 'corrupt', 'misrouted'];

/**
 * `saturated`: the server could not keep up. `generatorBound`: the generator may have been the limit.
 * `noisy`: somebody else used one of the two cores.
 * @param {any} span  the measured part of a generator's result
 */
export function markSpan(span) {
  return {
    serverCpuShare: span.serverCpuShare,
    generatorCpuShare: span.generatorCpuShare,
    generatorBound: Number(span.generatorCpuShare > 0.95),
    noisy: Number(Math.max(span.foreignShareOfServerCore, span.foreignShareOfGeneratorCore) > 0.1),
  };
}

export const markNames = ['generatorBound', 'noisy', 'saturated'];

/** Figures that are added up over the repetitions, since a median would hide them. */
export const summedNames = [...faultNames, 'skipped', ...markNames];

/**
 * `skipped` is a loss the server owned up to before it went on: a fault as well at a rate that others keep up with.
 * @param {import('./benchmark.mjs').Figures} figures
 */
export function describeFaults(figures) {
  const found = [...faultNames, 'skipped'].filter((name) => figures[name]).map((name) => `${figures[name]} ${name}`);
  return found.length ? found.join(', ') : 'none';
}

/** @param {import('./benchmark.mjs').Row} row */
export function describeMarks({ figures, repetitions }) {
  const words = { saturated: 'saturated', generatorBound: 'generator busy', noisy: 'noisy' };
  return Object.entries(words)
    .filter(([name]) => figures[name])
    .map(([name, word]) => (figures[name] === repetitions ? word : `${word} ${figures[name]}/${repetitions}`))
    .join(', ');
}
