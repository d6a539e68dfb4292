import { describeFaults, describeMarks } from './faults.mjs';
import { formatNumber, formatRatio } from './format.mjs';

/** @typedef {import('./benchmark.mjs').Column} Column */

/**
 * @param {string} title
 * @param {string} name
 * @returns {Column}
 */
export const figure = (title, name) => ({ title, show: (figures) => formatNumber(figures[name]) });

/** @type {Column[]} */
export const ratios = [
  { title: '/floor', show: (_, { ratios }) => formatRatio(ratios.floor) },
  { title: '/bun', show: (_, { ratios }) => formatRatio(ratios.bun) },
];

/** @type {Column} */
export const faults = { title: 'faults', show: describeFaults };

/** @type {Column} */
export const marks = { title: '', show: (_, row) => describeMarks(row) };
