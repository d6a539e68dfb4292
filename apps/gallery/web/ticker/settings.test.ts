import { describe, expect, it } from 'vitest';
import { companies, isSymbol } from '../../shared/ticker/companies.js';
import { maxListed, readSettings, savedForm } from './settings.js';

describe('settings', () => {
  it('begin with a list of symbols that exist', () => {
    const { listed, selected } = readSettings(undefined);
    expect([...listed, selected].filter((symbol) => !isSymbol(symbol))).toEqual([]);
  });

  it('come back as they were saved', () => {
    for (const rate of [undefined, 7]) {
      const settings = { scope: 'board', listed: ['ALDB', 'CEDF'], selected: 'ALDB', rate } as const;
      expect(readSettings(JSON.parse(JSON.stringify(savedForm(settings))))).toEqual(settings);
    }
    expect(readSettings({ ...savedForm(readSettings(undefined)), listed: [] }).listed).toEqual([]);
  });

  it('are cleared of what makes no sense', () => {
    const initial = readSettings(undefined);
    expect(readSettings('x')).toEqual(initial);
    expect(readSettings({ scope: 1, listed: 'x', selected: {}, rate: 'x' })).toEqual(initial);
    expect(readSettings({ listed: ['CEDF', 'CEDF', 'XXXX', 5] }).listed).toEqual(['CEDF']);
    expect(readSettings({ rate: 1e9 }).rate).toBe(60);
    expect(readSettings({ rate: -3 }).rate).toBe(1);
    expect(readSettings({ listed: companies.map(({ symbol }) => symbol) }).listed).toHaveLength(maxListed);
  });
});
