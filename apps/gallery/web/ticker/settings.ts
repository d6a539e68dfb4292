import { isSymbol } from '../../shared/ticker/companies.js';
import { viewRates } from '../../shared/ticker/limits.js';

/** Settings that a visitor chooses, and finds again. */
export interface Settings {
  /** The watch list, or the whole board. */
  readonly scope: 'list' | 'board';
  /** Symbols of the watch list, in its order. */
  readonly listed: readonly string[];
  readonly selected: string;
  /** Updates a second; undefined: every one. */
  readonly rate: number | undefined;
}

/** As many as fit on a page, and far less than a view may name. */
export const maxListed = 40;

const initial: Settings = {
  scope: 'list',
  listed: ['BALB', 'CEDI', 'DRAP', 'FALE', 'KESM', 'NIMT', 'OSPT', 'SILL'],
  selected: 'OSPT',
  rate: 10,
};

/** Takes of what was saved what still makes sense. */
export function readSettings(saved: unknown): Settings {
  if (typeof saved !== 'object' || saved === null) return initial;
  const { scope, listed, selected, rate } = saved as Readonly<Record<string, unknown>>;
  return {
    scope: scope === 'board' ? 'board' : 'list',
    listed: Array.isArray(listed) ? [...new Set(listed.filter(isListable))].slice(0, maxListed) : initial.listed,
    selected: isListable(selected) ? selected : initial.selected,
    rate: rate === null ? undefined : typeof rate === 'number' ? clampRate(rate) : initial.rate,
  };
}

/** As JSON has it. */
export function savedForm({ rate, ...settings }: Settings): object {
  return { ...settings, rate: rate ?? null };
}

function isListable(symbol: unknown): symbol is string {
  return typeof symbol === 'string' && isSymbol(symbol);
}

function clampRate(rate: number): number {
  return Math.min(viewRates.max, Math.max(viewRates.min, Math.round(rate)));
}
